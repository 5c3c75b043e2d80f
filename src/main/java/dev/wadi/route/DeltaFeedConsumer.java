package dev.wadi.route;

import dev.wadi.merge.ChangeBatch;
import dev.wadi.merge.ChangeFeed;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * {@code from: delta:...?feed=name}. Gives the route the rows that each version changed, version after version. An exchange is
 * acknowledged when it has completed without a failure; the next one waits for that.
 */
final class DeltaFeedConsumer extends DeltaConsumer {
    private final DeltaEndpoint endpoint;
    private final DeltaEndpoint.Feed feed;
    /** Only the thread that makes exchanges uses it, once it runs. */
    private @Nullable ChangeFeed open;

    DeltaFeedConsumer(DeltaEndpoint endpoint, DeltaEndpoint.Feed feed, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.feed = feed;
    }

    /** Opens the feed first: where it begins is settled when the route has started. */
    @Override
    protected void doStart() throws Exception {
        open = open();
        super.doStart();
    }

    private ChangeFeed open() {
        return endpoint.tables().feed(feed.name(), endpoint.table(), feed.start(), feed.batchRows());
    }

    @Override
    boolean exchange(long version) {
        try {
            ChangeFeed changes = open == null ? open() : open;
            open = changes;
            while (mayGoOn()) {
                Optional<ChangeBatch> next = changes.next();
                if (next.isEmpty()) {
                    return true;
                }
                ChangeBatch batch = next.get();
                if (!process(exchangeOf(batch), batch.version())) {
                    return false;
                }
                changes.acknowledge();
            }
            return true;
        } catch (RuntimeException e) {
            failed(version, e);
            ended(); // and is opened anew
            return false;
        }
    }

    private Exchange exchangeOf(ChangeBatch batch) {
        Exchange exchange = exchangeOf(batch.version());
        Message message = exchange.getMessage();
        message.setHeader(DeltaHeaders.TIMESTAMP, batch.committed());
        message.setHeader(DeltaHeaders.OFFSET, batch.offset());
        message.setHeader(DeltaHeaders.LAST, batch.last());
        message.setBody(batch.rows());
        return exchange;
    }

    @Override
    void ended() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
