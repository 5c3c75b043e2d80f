package dev.wadi.route;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message of a door. The map of its headers is made when somebody looks at it; what {@code to: delta:} asks for is answered
 * without, as long as there is none: most routes hand the body on and ask for nothing else, and the map is larger than the body. A
 * copy is a message like any other.
 */
public abstract class LazyMessage extends DefaultMessage {
    protected LazyMessage(Exchange exchange, byte @Nullable [] body) {
        super(exchange);
        setBody(body);
    }

    /** The value of a header that the door itself gives; null when it gives none of that name. */
    protected abstract @Nullable Object own(String name);

    /** Whether there is no header of a name, as far as that is known without making all of them. */
    protected abstract boolean isAbsent(String name);

    @Override
    public final <T> @Nullable T getHeader(String name, Class<T> type) {
        if (!hasPopulatedHeaders()) {
            Object value = own(name);
            if (type.isInstance(value)) {
                return type.cast(value);
            }
            if (value == null && isAbsent(name)) {
                return null;
            }
        }
        return super.getHeader(name, type);
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
