package dev.wadi.generator;

import com.azure.core.exception.AzureException;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.options.BlobUploadFromFileOptions;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import reactor.core.Exceptions;

/**
 * Drops files into a blob container, below {@code drops/<stream>/}. A blob is there as a whole or not at all: its parts are committed
 * when the last one is up.
 */
final class BlobDrop implements DropTarget.Drop {
    private static final String FOLDER = "drops/";
    private static final int TRIES = 3;
    private static final Duration TRY = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** Of the account that every Azurite has; no secret. */
    private static final StorageSharedKeyCredential AZURITE = new StorageSharedKeyCredential(
            "devstoreaccount1",
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");

    private static final Pattern OF_AZURITE = Pattern.compile("http://[^/]+/devstoreaccount1/[^/?]+");

    private final BlobContainerClient container;
    private final String folder;

    private BlobDrop(BlobContainerClient container, String folder) {
        this.container = container;
        this.folder = folder;
    }

    /**
     * @param at URI of a container: with a signature (SAS), or of Azurite; empty for the usual container
     * @throws IOException when there is no such container, or no store
     */
    static BlobDrop open(Destination.Blobs usual, Optional<String> at, SyntheticStream stream) throws IOException {
        BlobContainerClient container = client(usual, at);
        String address = container.getBlobContainerUrl();
        try {
            if (!container.exists()) {
                throw new IOException(
                        "%s is not there: make the container, or name another with WADI_BLOB_CONTAINER or --at"
                                .formatted(address));
            }
        } catch (BlobStorageException e) {
            throw new IOException(
                    "%s refuses (%d %s): see that AZURE_STORAGE_CONNECTION_STRING, or the signature in --at, lets one write there"
                            .formatted(address, e.getStatusCode(), e.getErrorCode()),
                    e);
        } catch (AzureException | IllegalStateException e) {
            throw new IOException(absent(address, e), e);
        } catch (RuntimeException e) {
            throw new IOException(absent(address, Exceptions.unwrap(e)), e);
        }
        return new BlobDrop(container, FOLDER + stream + "/");
    }

    private static String absent(String address, Throwable cause) {
        return "There is no blob store at %s (%s): start Wadi with `make run`, which brings one where Node is, or set AZURE_STORAGE_CONNECTION_STRING, or drop into a folder with --to folder-csv"
                .formatted(address, cause.getMessage());
    }

    private static BlobContainerClient client(Destination.Blobs usual, Optional<String> at) {
        BlobContainerClientBuilder builder = new BlobContainerClientBuilder()
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, TRIES, TRY, PAUSE, PAUSE, null));
        if (at.isEmpty()) {
            return builder.connectionString(usual.connection())
                    .containerName(usual.container())
                    .buildClient();
        }
        String uri = at.get();
        try {
            if (OF_AZURITE.matcher(uri).matches()) {
                return builder.endpoint(uri).credential(AZURITE).buildClient();
            }
            if (URI.create(uri).getQuery() != null) {
                return builder.endpoint(uri).buildClient();
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--at %s is no URI of a container".formatted(uri), e);
        }
        throw new IllegalArgumentException(
                "--at %s does not say how to sign in: write the URI of the container with its signature, https://ACCOUNT.blob.core.windows.net/CONTAINER?sv=..., or set AZURE_STORAGE_CONNECTION_STRING"
                        .formatted(uri));
    }

    @Override
    public void put(Path file, String name) throws IOException {
        try {
            container
                    .getBlobClient(folder + name)
                    .uploadFromFileWithResponse(new BlobUploadFromFileOptions(file.toString()), null, Context.NONE);
        } catch (RuntimeException e) {
            throw new IOException(
                    "%s was not uploaded, and no part of it is there: %s"
                            .formatted(name, Exceptions.unwrap(e).getMessage()),
                    e);
        }
    }
}
