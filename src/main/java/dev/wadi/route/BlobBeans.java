package dev.wadi.route;

import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The blob store as the bean {@code blobs}, made when the first route asks for it. */
@Factory
final class BlobBeans {
    private static final int TRIES = 2;
    private static final Duration TRY = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Gives up soon: the consumer itself tries again, and tells. */
    @Singleton
    @Named("blobs")
    BlobServiceClient blobs(@Property(name = "azure.storage.connection-string") @Nullable String connection) {
        if (connection == null || connection.isBlank()) {
            throw new IllegalArgumentException(
                    "there is no blob store: set AZURE_STORAGE_CONNECTION_STRING to the connection string of the account");
        }
        return new BlobServiceClientBuilder()
                .connectionString(connection)
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, TRIES, TRY, PAUSE, PAUSE, null))
                .buildClient();
    }
}
