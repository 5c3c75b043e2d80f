package dev.wadi.route;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.azure.storage.blob.BlobComponent;
import org.apache.camel.component.azure.storage.blob.BlobEndpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code azure-storage-blob:ACCOUNT/CONTAINER}: Camel's component of this name with another consumer. {@link BlobDropConsumer}
 * says what it does that the stock one does not. Nothing of Azure is loaded before a route that uses it starts.
 */
final class BlobDropComponent extends DefaultComponent {
    private @Nullable BlobComponent stock;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        Map<String, Object> options = new HashMap<>(parameters);
        parameters.clear();
        return new BlobDropEndpoint(uri, this, remaining, options);
    }

    /** The endpoint as Camel makes it, with all of its options. */
    synchronized BlobEndpoint stock(String remaining, Map<String, Object> options) throws Exception {
        BlobComponent component = stock;
        if (component == null) {
            component = new BlobComponent(getCamelContext());
            component.start();
            stock = component;
        }
        return (BlobEndpoint) component.createEndpoint("azure-storage-blob:" + remaining, new HashMap<>(options));
    }

    @Override
    protected synchronized void doStop() throws Exception {
        if (stock != null) {
            stock.stop();
            stock = null;
        }
        super.doStop();
    }
}
