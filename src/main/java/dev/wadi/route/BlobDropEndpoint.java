package dev.wadi.route;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.azure.storage.blob.BlobEndpoint;
import org.apache.camel.support.DefaultEndpoint;

/** A container of blobs. Its options are those of the stock endpoint, which is made when a route that uses it starts. */
final class BlobDropEndpoint extends DefaultEndpoint {
    private final BlobDropComponent component;
    private final String container;
    private final Map<String, Object> options;

    BlobDropEndpoint(String uri, BlobDropComponent component, String container, Map<String, Object> options) {
        super(uri, component);
        this.component = component;
        this.container = container;
        this.options = options;
    }

    /** Account and container. */
    String container() {
        return container;
    }

    Sources sources() {
        return component.sources();
    }

    BlobEndpoint stock() throws Exception {
        return component.stock(getEndpointUri(), container, options);
    }

    @Override
    public Producer createProducer() throws Exception {
        BlobEndpoint stock = stock();
        stock.start();
        return stock.createProducer();
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        BlobDropConsumer consumer = new BlobDropConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
