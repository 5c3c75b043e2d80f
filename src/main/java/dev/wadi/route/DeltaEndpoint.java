package dev.wadi.route;

import dev.wadi.contract.TableName;
import dev.wadi.file.FileFormat;
import dev.wadi.merge.FeedStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** One table, with a SELECT that fills it or none, or with a feed of its rows. */
final class DeltaEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
    private final DeltaComponent component;
    private final @Nullable TableName table;
    private final String layer;
    private final @Nullable Path query;
    private final @Nullable String sql;
    private final @Nullable Feed feed;
    private final Duration poll;
    private final FileFormat format;

    /**
     * That {@code from:} gives the changed rows.
     *
     * @param name names the progress
     * @param batchRows the most rows of an exchange
     */
    record Feed(String name, FeedStart start, int batchRows) {}

    DeltaEndpoint(
            String uri,
            DeltaComponent component,
            @Nullable TableName table,
            String layer,
            @Nullable Path query,
            @Nullable String sql,
            @Nullable Feed feed,
            Duration poll,
            FileFormat format) {
        super(uri, component);
        this.component = component;
        this.table = table;
        this.layer = layer;
        this.query = query;
        this.sql = sql;
        this.feed = feed;
        this.poll = poll;
        this.format = format;
    }

    /** Whether this is the table of whatever stream a file is of. */
    boolean isAnyStream() {
        return table == null;
    }

    /** Whether {@code from:} gives changed rows, and not only the news that there are some. */
    boolean isFeed() {
        return feed != null;
    }

    String layer() {
        return layer;
    }

    /** How the files that come here are written. */
    FileFormat format() {
        return format;
    }

    FileLoads loads() {
        return component.loads();
    }

    /** @throws IllegalArgumentException when this is no table but those of all streams */
    TableName table() {
        if (table == null) {
            throw new IllegalArgumentException(
                    "delta:%s.* takes files, at the `to:` of a route: name a table here, such as delta:%s.bookings"
                            .formatted(layer, layer));
        }
        return table;
    }

    Tables tables() {
        return component.tables();
    }

    TransformPace pace() {
        return component.pace();
    }

    /** The file of the SELECT; null when there is none. */
    @Nullable
    Path query() {
        return query;
    }

    /** The SELECT, as it was when the route was read; read now when the endpoint is of no route file. */
    String sql() throws IOException {
        if (sql != null) {
            return sql;
        }
        return query == null ? "" : Files.readString(query);
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
        if (feed != null) {
            throw new IllegalArgumentException(
                    "to: delta:%s has feed=%s: write it at the `from:` of the route".formatted(table, feed.name()));
        }
        return query == null ? new DeltaIntakeProducer(this) : new DeltaQueryProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (query != null) {
            throw new IllegalArgumentException(
                    "from: delta:%s has a query: write query=... at the `to:` of the route".formatted(table));
        }
        DeltaConsumer consumer =
                feed == null ? new DeltaConsumer(this, processor) : new DeltaFeedConsumer(this, feed, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
