package dev.wadi.route;

import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** One table, with a SELECT that fills it or none. */
final class DeltaEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
    private final DeltaComponent component;
    private final TableName table;
    private final @Nullable Path query;
    private final Duration poll;

    DeltaEndpoint(String uri, DeltaComponent component, TableName table, @Nullable Path query, Duration poll) {
        super(uri, component);
        this.component = component;
        this.table = table;
        this.query = query;
        this.poll = poll;
    }

    TableName table() {
        return table;
    }

    Tables tables() {
        return component.tables();
    }

    /** How often {@code from:} looks for versions that other processes committed. */
    Duration poll() {
        return poll;
    }

    /** Any number of routes may be woken by one table. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public Producer createProducer() {
        return query == null ? new DeltaIntakeProducer(this) : new DeltaQueryProducer(this, query);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (query != null) {
            throw new IllegalArgumentException(
                    "from: delta:%s has a query: write query=... at the `to:` of the route".formatted(table));
        }
        DeltaConsumer consumer = new DeltaConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
