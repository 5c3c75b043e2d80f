package dev.wadi.cdc;

import dev.wadi.contract.TableName;
import dev.wadi.route.Lag;
import dev.wadi.route.RouteException;
import dev.wadi.route.RouteTarget;
import dev.wadi.route.SourceTrouble;
import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: debezium-postgres:}. Runs Debezium's engine from the place that the table remembers, and after any failure a new
 * one from there.
 */
final class CdcConsumer extends DefaultConsumer implements Lag.Known {
    private static final Logger LOG = LoggerFactory.getLogger(CdcConsumer.class);

    private static final Duration LONGEST_END = Duration.ofSeconds(8);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final CdcEndpoint endpoint;
    private final SourceTrouble trouble = new SourceTrouble(LOG);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<@Nullable DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>>> running =
            new AtomicReference<>();
    private @Nullable Thread thread;
    private volatile @Nullable SlotLag lag;

    CdcConsumer(CdcEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        TableName target = RouteTarget.of(endpoint.getCamelContext(), getRouteId());
        SlotLag measuring = new SlotLag(
                endpoint.configuration(), getRouteId(), endpoint.component().meters());
        lag = measuring;
        endpoint.component().sources().opened(getRouteId(), () -> {
            String problem = trouble.problem();
            return problem == null ? measuring.problem() : problem;
        });
        Thread starting =
                Thread.ofPlatform().name("cdc " + getRouteId()).daemon().unstarted(() -> run(target, measuring));
        thread = starting;
        starting.start();
    }

    @Override
    protected void doStop() throws Exception {
        closing.countDown();
        stop(running.get());
        Thread ending = thread;
        if (ending != null) {
            long deadline = System.nanoTime() + LONGEST_END.toNanos();
            while (!ending.join(LOOK) && System.nanoTime() < deadline) {
                // an engine that was about to run has not heard it, and would run on
                stop(running.get());
            }
            if (ending.isAlive()) {
                LOG.warn("{}: the capture is still ending; what it had read comes again", getRouteId());
            }
        }
        SlotLag measured = lag;
        if (measured != null) {
            measured.close();
        }
        lag = null;
        endpoint.component().sources().closed(getRouteId());
        super.doStop();
    }

    /** How much log the database keeps for the route. */
    @Override
    public @Nullable Lag lag() {
        SlotLag measured = lag;
        return measured == null || Double.isNaN(measured.bytes()) ? null : new Lag((long) measured.bytes(), "bytes");
    }

    private boolean closing() {
        return closing.getCount() == 0;
    }

    private void run(TableName target, SlotLag measuring) {
        try {
            if (closing.await(endpoint.startDelay().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            measuring.start();
            while (!closing()) {
                String reason = capture(target);
                if (!closing()) {
                    trouble.cannotRead(getRouteId(), target, new IllegalStateException(reason));
                    closing.await(trouble.pause().toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs an engine until it ends; returns why. */
    private String capture(TableName target) {
        AtomicReference<String> reason = new AtomicReference<>("the capture ended without a reason");
        try {
            if (endpoint.configuration().getDatabaseHostname() == null) {
                return "there is no database to capture: set JDBC_URL, such as jdbc:postgresql://HOST/DATABASE?user=NAME";
            }
            Optional<String> watermark = endpoint.component().tables().watermark(target, getRouteId());
            Properties properties =
                    endpoint.configuration().createDebeziumConfiguration().asProperties();
            properties.setProperty("offset.flush.interval.ms", "0");
            properties.setProperty("errors.max.retries", "0");
            watermark.ifPresent(mark -> properties.setProperty(CdcOffsets.MARK, mark));
            ChangeStream stream = new ChangeStream(
                    this, endpoint.configuration(), watermark.map(Mark::parse), () -> trouble.reads(getRouteId()));
            DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine = DebeziumEngine.create(Connect.class)
                    .using(properties)
                    .using((success, message, error) -> reason.set(CdcProblem.explain(message, error)))
                    .notifying(stream)
                    .build();
            running.set(engine);
            if (!closing()) {
                engine.run();
            }
            return reason.get();
        } catch (RuntimeException e) {
            return RouteException.text(e);
        } finally {
            stop(running.getAndSet(null));
        }
    }

    private void stop(@Nullable DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine) {
        if (engine == null) {
            return;
        }
        try {
            engine.close();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("{}: the engine had ended", getRouteId(), e);
        }
    }
}
