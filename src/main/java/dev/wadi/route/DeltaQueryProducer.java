package dev.wadi.route;

import dev.wadi.merge.Transforms;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code to: delta:layer.table?query=file.sql}. Runs the SELECT, one run at a time, on a thread of its own. In a route
 * {@code from: delta:} it is driven by that table's changes; in any other it reads tables as a whole.
 */
final class DeltaQueryProducer extends DefaultAsyncProducer {
    private static final int STOP_SECONDS = 1;

    private final DeltaEndpoint endpoint;
    private String sql = "";
    private @Nullable ExecutorService runs;

    DeltaQueryProducer(DeltaEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sql = endpoint.sql();
        runs = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .name("delta to " + endpoint.table())
                .daemon()
                .factory());
    }

    /** Does not interrupt: an interrupt in the middle of a commit closes files that others read. */
    @Override
    protected void doStop() throws Exception {
        try {
            if (runs != null) {
                runs.shutdown();
                runs.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            // Camel interrupts a stop that takes long.
            Thread.currentThread().interrupt();
        }
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            if (runs == null) {
                throw new RejectedExecutionException();
            }
            runs.execute(() -> run(exchange, callback));
            return false;
        } catch (RejectedExecutionException e) {
            exchange.setException(new IllegalStateException("delta:%s is stopped".formatted(endpoint.table()), e));
            callback.done(true);
            return true;
        }
    }

    private void run(Exchange exchange, AsyncCallback callback) {
        try {
            String id = exchange.getFromRouteId();
            if (exchange.getFromEndpoint() instanceof DeltaEndpoint source) {
                endpoint.tables().transform(new Transforms.Transform(id, source.table(), endpoint.table(), sql));
            } else {
                endpoint.tables().transform(id, endpoint.table(), sql);
            }
        } catch (RuntimeException | Error e) {
            exchange.setException(e);
            FatalStop.of(exchange, e);
        }
        callback.done(false);
    }
}
