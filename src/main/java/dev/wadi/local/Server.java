package dev.wadi.local;

import dev.wadi.api.Presence;
import dev.wadi.contract.Contracts;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * One run of Wadi, from its settings to "ready", from a signal to "stopped".
 *
 * <p>It takes the signals itself instead of adding a shutdown hook: hooks run all at once, and the broker brings one of
 * its own that would pull it away under the routes.
 */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(10);

    private final PrintStream out;
    private final PrintStream err;
    private final String version;
    private final Progress progress;
    private final Presence presence = new Presence();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    /** How long to answer on, as not ready, before a stop closes the door. */
    private volatile Duration stopDelay = Duration.ZERO;

    private @Nullable LocalEnvironment environment;
    private @Nullable ApplicationContext context;

    public Server(String version, PrintStream out, PrintStream err) {
        this.version = version;
        this.out = out;
        this.err = err;
        this.progress = new Progress(out);
    }

    /** Runs until a signal asks to stop. Returns the exit code of the process: 0, or 1 when it did not start. */
    public int run() {
        List.of("INT", "TERM", "HUP").forEach(name -> Signal.handle(new Signal(name), signal -> stopOrHalt()));
        int exitCode = 0;
        boolean ready = false;
        try {
            ready = start();
            if (ready) {
                stopAsked.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            exitCode = 1;
            complain(e);
        }
        // the interrupt, if there was one, has done its work: what follows must wait for things to end
        Thread.interrupted();
        stop(ready);
        if (exitCode == 0) {
            out.println("Wadi has stopped.");
        }
        return exitCode;
    }

    /** Returns whether it got ready; false when it was asked to stop before. */
    private boolean start() throws InterruptedException {
        long began = System.nanoTime();
        ApplicationContext application = ApplicationContext.builder()
                .banner(false)
                .deduceEnvironment(false)
                .singletons(progress, presence)
                .build();
        context = application;
        Environment configuration = application.getEnvironment();
        configuration.start();
        Settings settings = Settings.read(configuration);
        stopDelay = settings.stopDelay();
        progress.say("Wadi %s starts, with its data in %s".formatted(version, settings.dataDir()));
        LocalEnvironment local = LocalEnvironment.start(settings, progress);
        environment = local;
        if (isStopAsked()) {
            return false;
        }
        Map<String, Object> properties = new LinkedHashMap<>(settings.folders());
        properties.putAll(local.properties());
        configuration.addPropertySource(PropertySource.of("wadi-run", properties, Integer.MAX_VALUE));

        progress.begin();
        application.start();
        application.findBean(Contracts.class);
        progress.next("routes", routes(application));
        if (isStopAsked()) {
            return false;
        }
        EmbeddedServer http = application.getBean(EmbeddedServer.class).start();
        Welcome welcome = new Welcome(settings, local, http.getPort());
        progress.next("HTTP", welcome.address());
        new Readiness(welcome.address(), READY_WITHIN).await(this::isStopAsked);
        if (isStopAsked()) {
            return false;
        }
        presence.ready();
        out.print(welcome.text((System.nanoTime() - began) / 1e9));
        out.flush();
        return true;
    }

    private static String routes(ApplicationContext application) {
        return application
                .findBean(CamelContext.class)
                .map(camel -> camel.getRoutesSize() + " routes")
                .orElse("none");
    }

    private boolean isStopAsked() {
        return stopAsked.getCount() == 0;
    }

    /** The first signal stops in order; a second one, from someone who will not wait, at once. */
    private void stopOrHalt() {
        if (isStopAsked()) {
            Runtime.getRuntime().halt(130);
        }
        presence.stopping();
        stopAsked.countDown();
        Duration patience = STOPPED_WITHIN.plus(stopDelay);
        Thread.ofPlatform().daemon().name("stop watch").start(() -> {
            try {
                Thread.sleep(patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            err.println(
                    "Wadi did not stop within %d s, so it ends as it is: what was accepted is safe and is taken up at the next start."
                            .formatted(patience.toSeconds()));
            Runtime.getRuntime().halt(1);
        });
    }

    /**
     * First nobody is sent here any more, then the doors close, then what stands behind them.
     *
     * @param ready whether anybody may have been sent here
     */
    private void stop(boolean ready) {
        presence.stopping();
        ApplicationContext application = context;
        if (application != null && application.isRunning()) {
            if (ready) {
                letGo();
            }
            within(Duration.ofSeconds(1), "HTTP requests", closeDoor(application));
            within(Duration.ofSeconds(4), "routes", CompletableFuture.runAsync(application::stop));
        }
        LocalEnvironment local = environment;
        if (local != null) {
            local.close();
        }
    }

    /** Whoever asks {@code /readyz} now and then needs a while to see that it is red, and to send others elsewhere. */
    private void letGo() {
        try {
            Thread.sleep(stopDelay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no new connection, and completes when the requests under way are answered. */
    private static CompletableFuture<?> closeDoor(ApplicationContext application) {
        return application
                .findBean(EmbeddedServer.class)
                .filter(EmbeddedServer::isRunning)
                .filter(GracefulShutdownCapable.class::isInstance)
                .<CompletableFuture<?>>map(http ->
                        ((GracefulShutdownCapable) http).shutdownGracefully().toCompletableFuture())
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private static void within(Duration patience, String what, CompletableFuture<?> closing) {
        try {
            closing.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Not all {} ended within {} s", what, patience.toSeconds());
        } catch (ExecutionException e) {
            LOG.warn("Not all {} ended in the usual way", what, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Our own errors are sentences for a person; any other is a fault, and its trace helps to find it. */
    private void complain(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getName().startsWith("dev.wadi.") && cause.getMessage() != null) {
                err.println(cause.getMessage());
                return;
            }
        }
        LOG.error("Wadi did not start", failure);
    }
}
