package dev.wadi.route;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.azure.storage.blob.BlobComponent;
import org.apache.camel.component.azure.storage.blob.BlobEndpoint;
import org.apache.camel.spi.annotations.Component;

/**
 * {@code azure-storage-blob:ACCOUNT/CONTAINER}: Camel's component of this name with another consumer. {@link BlobDropConsumer}
 * says what it does that the stock one does not. No client is made before a route that uses it starts.
 */
@Component("azure-storage-blob") // under this name Camel finds what sets the options
final class BlobDropComponent extends BlobComponent {
    private static final List<String> SIGN_IN =
            List.of("serviceClient", "credentialType", "accessKey", "sasToken", "credentials");

    private final Sources sources;

    BlobDropComponent(Sources sources) {
        this.sources = sources;
        // it would make the client at once, whether a route needs it or not
        setAutowiredEnabled(false);
    }

    Sources sources() {
        return sources;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        Map<String, Object> options = new HashMap<>(parameters);
        parameters.clear();
        return new BlobDropEndpoint(uri, this, remaining, options);
    }

    /**
     * The endpoint as Camel makes it, with all of its options; the caller starts it.
     *
     * @throws IllegalArgumentException when an option is none, or when nothing says how to sign in: the client would ask
     *     around on this machine and in its network
     */
    BlobEndpoint stock(String uri, String remaining, Map<String, Object> options) throws Exception {
        if (SIGN_IN.stream().noneMatch(options::containsKey)) {
            throw new IllegalArgumentException(
                    "azure-storage-blob:%s does not say how to sign in: write serviceClient: \"#blobs\", or credentialType with what belongs to it"
                            .formatted(remaining));
        }
        Map<String, Object> unset = new HashMap<>(options);
        BlobEndpoint endpoint = (BlobEndpoint) super.createEndpoint(uri, remaining, unset);
        if (!unset.isEmpty()) {
            throw new IllegalArgumentException("azure-storage-blob:%s has no option %s: correct it or remove it"
                    .formatted(remaining, String.join(", ", unset.keySet())));
        }
        return endpoint;
    }
}
