package dev.wadi.route;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message of a door whose headers are made when a route first asks for one: most routes hand the body on and never do. A copy
 * is a message like any other.
 */
public abstract class LazyMessage extends DefaultMessage {
    protected LazyMessage(Exchange exchange, byte @Nullable [] body) {
        super(exchange);
        setBody(body);
    }

    @Override
    public final DefaultMessage newInstance() {
        return new DefaultMessage(getCamelContext());
    }

    @Override
    protected final boolean isPopulateHeadersSupported() {
        return true;
    }
}
