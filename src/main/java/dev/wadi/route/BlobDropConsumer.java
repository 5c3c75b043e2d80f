package dev.wadi.route;

import com.azure.storage.blob.BlobServiceClient;
import dev.wadi.file.UnreadableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.azure.storage.blob.BlobConfiguration;
import org.apache.camel.component.azure.storage.blob.BlobConstants;
import org.apache.camel.component.azure.storage.blob.BlobEndpoint;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: azure-storage-blob:}. Gives each blob below {@code prefix} to the route as a file, and moves it when its exchange
 * is complete: to {@code processed/}; to {@code rejected/}, with a report beside it, when it cannot be read at all. After any
 * other failure it stays and comes again.
 *
 * <p>Camel's own consumer reads each blob again at every poll, as it neither moves nor remembers them, and reads on when the
 * blob is overwritten meanwhile. Here every step holds for one version of a blob, told by its ETag.
 *
 * <p>One thread polls, downloads and moves; the rest is the route's.
 */
final class BlobDropConsumer extends DefaultConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(BlobDropConsumer.class);
    /** So many are downloaded and not settled at once: they take room on the disk. */
    private static final int AT_ONCE = 4;

    private static final String PROCESSED = "processed/";
    private static final String REJECTED = "rejected/";
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

    private final BlobDropEndpoint endpoint;
    private final Complaint failures = new Complaint(LOG, Duration.ofMinutes(1));
    /** What became of a blob that is under way or could not be moved yet, by its name. */
    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

    private @Nullable ScheduledExecutorService thread;

    private record Attempt(BlobContainer.Blob blob, State state, String report) {}

    private enum State {
        /** Its exchange is not complete. */
        UNDER_WAY,
        PROCESSED,
        REJECTED
    }

    /** What a run of this consumer needs, once the first poll has made it. */
    private record Source(BlobContainer container, String prefix, Path folder) {}

    private @Nullable Source source;
    /** Why the last poll failed; null when it did not. */
    private volatile @Nullable String problem;

    BlobDropConsumer(BlobDropEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        BlobEndpoint stock = endpoint.stock();
        BlobConfiguration configuration = stock.getConfiguration();
        ScheduledExecutorService polling = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .name("blobs " + endpoint.container())
                .daemon()
                .factory());
        thread = polling;
        endpoint.sources().opened(getRouteId(), () -> problem);
        polling.scheduleWithFixedDelay(
                () -> poll(stock, configuration), 0, Math.max(1, stock.getDelay()), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.sources().closed(getRouteId());
        ScheduledExecutorService polling = thread;
        if (polling != null) {
            polling.shutdown();
            if (!polling.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                polling.shutdownNow();
            }
        }
        attempts.clear();
        super.doStop();
    }

    /** What is thrown here would end the polling for good. */
    @SuppressWarnings("CatchingUnchecked")
    private void poll(BlobEndpoint stock, BlobConfiguration configuration) {
        try {
            Source open = source;
            if (open == null) {
                open = open(stock, configuration);
                source = open;
            }
            settleAgain(open);
            int room = AT_ONCE - attempts.size();
            if (room > 0) {
                for (BlobContainer.Blob blob :
                        open.container().list(open.prefix(), found -> !attempts.containsKey(found.name()), room)) {
                    take(open, blob);
                }
            }
            problem = null;
            failures.over("%s: can be read again".formatted(endpoint.container()));
        } catch (Exception | LinkageError e) {
            problem = RouteException.text(e);
            failures.say("%s: cannot be read; trying again".formatted(endpoint.container()), e);
        }
    }

    private static Source open(BlobEndpoint stock, BlobConfiguration configuration) throws Exception {
        stock.start();
        BlobServiceClient service = stock.getBlobServiceClient();
        String name = configuration.getContainerName();
        if (name == null) {
            throw new IllegalArgumentException(
                    "from: azure-storage-blob names no container: write azure-storage-blob:ACCOUNT/CONTAINER");
        }
        String folder = configuration.getFileDir();
        Path path = folder == null ? Path.of(System.getProperty("java.io.tmpdir"), "wadi-blobs") : Path.of(folder);
        Files.createDirectories(path);
        Source opened = new Source(new BlobContainer(service, name), prefix(configuration.getPrefix()), path);
        opened.container().make();
        return opened;
    }

    /** Blobs move out of it, so it must not hold where they move to. */
    private static String prefix(@Nullable String prefix) {
        if (prefix == null || !prefix.endsWith("/") || prefix.startsWith(PROCESSED) || prefix.startsWith(REJECTED)) {
            throw new IllegalArgumentException(
                    "from: azure-storage-blob with prefix=%s: write the folder of the blobs with a slash, such as prefix=drops/"
                            .formatted(prefix));
        }
        return prefix;
    }

    private void take(Source open, BlobContainer.Blob blob) throws IOException {
        Path file = open.folder()
                .resolve(Integer.toHexString(blob.name().hashCode()) + "-" + Long.toHexString(System.nanoTime()));
        attempts.put(blob.name(), new Attempt(blob, State.UNDER_WAY, ""));
        boolean handed = false;
        try {
            if (!open.container().download(blob, file)) {
                return;
            }
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(file);
            exchange.getMessage()
                    .setHeader(
                            Exchange.FILE_NAME,
                            blob.name().substring(open.prefix().length()));
            exchange.getMessage().setHeader(BlobConstants.BLOB_NAME, blob.name());
            exchange.getMessage().setHeader(BlobConstants.E_TAG, blob.etag());
            exchange.getMessage().setHeader(DeltaHeaders.SOURCE, "azure-storage-blob:" + endpoint.container());
            handed = true;
            getAsyncProcessor().process(exchange, synchronously -> done(open, blob, exchange, file));
        } finally {
            if (!handed) {
                attempts.remove(blob.name());
                Files.deleteIfExists(file);
            }
        }
    }

    /** Runs on the thread on which the exchange ended; moving is for the thread of this consumer. */
    private void done(Source open, BlobContainer.Blob blob, Exchange exchange, Path file) {
        Exception failure = exchange.getException();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} was not deleted: {}", file, e.toString());
        }
        if (failure instanceof UnreadableFileException unreadable) {
            attempts.put(blob.name(), new Attempt(blob, State.REJECTED, String.valueOf(unreadable.getMessage())));
        } else if (failure == null && !exchange.isRollbackOnly()) {
            attempts.put(blob.name(), new Attempt(blob, State.PROCESSED, ""));
        } else {
            failures.say("%s: stays and comes again".formatted(blob.name()), failure);
            attempts.remove(blob.name());
        }
        releaseExchange(exchange, false);
        ScheduledExecutorService polling = thread;
        try {
            if (polling != null) {
                polling.execute(() -> settleQuietly(open));
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("stopping; {} is read again and changes nothing", blob.name());
        }
    }

    private void settleQuietly(Source open) {
        try {
            settleAgain(open);
        } catch (RuntimeException e) {
            failures.say("%s: a blob was not moved; trying again".formatted(endpoint.container()), e);
        }
    }

    /** Moves what is complete; what was moved is forgotten. */
    private void settleAgain(Source open) {
        for (Attempt attempt : attempts.values()) {
            if (attempt.state() == State.UNDER_WAY) {
                continue;
            }
            String outcome = attempt.state() == State.PROCESSED ? PROCESSED : REJECTED;
            String to = outcome + stamped(attempt.blob(), open.prefix());
            if (attempt.state() == State.REJECTED) {
                // before the move: a crash between the two must not leave a rejected blob without its report
                open.container().write(to + ".report.txt", attempt.blob().name() + ": " + attempt.report() + "\n");
                LOG.warn("{} is rejected: {}", attempt.blob().name(), attempt.report());
            }
            if (!open.container().move(attempt.blob(), to)) {
                LOG.info(
                        "{} was overwritten or deleted meanwhile",
                        attempt.blob().name());
            }
            attempts.remove(attempt.blob().name());
        }
    }

    /** With the time of its version in its name: the next file of the name must not replace this one. */
    private static String stamped(BlobContainer.Blob blob, String prefix) {
        String name = blob.name().substring(prefix.length());
        int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
        int end = dot < 0 ? name.length() : dot;
        return name.substring(0, end) + "-" + STAMP.format(blob.changed()) + name.substring(end);
    }
}
