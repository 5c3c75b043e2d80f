package dev.wadi.route;

import dev.wadi.contract.EventShape;
import dev.wadi.file.Chunk;
import dev.wadi.file.FileFormat;
import dev.wadi.file.RowFile;
import dev.wadi.file.RowFiles;
import dev.wadi.file.UnreadableFileException;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.Intake;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.merge.Via;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads files into tables, two at a time: a file goes into its table's intake chunk by chunk, which waits while the intake is
 * full, and is done when its last chunk is committed. Thread-safe.
 */
final class FileLoads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileLoads.class);
    private static final int AT_ONCE = 2;

    private final ExecutorService threads;

    /**
     * A file that came through a door.
     *
     * @param name what it is called at the door, with its folder
     * @param source the door
     * @param via the route that brought it; null for none that is known
     */
    record Dropped(
            Path file,
            String name,
            String source,
            FileFormat format,
            @Nullable Via via) {}

    FileLoads() {
        threads = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().name("file load ", 0).daemon().factory());
    }

    /**
     * @return how many rows the file has, once all of them are committed; fails with an {@link UnreadableFileException} when
     *     it can never be read, with anything else when trying again may help
     */
    CompletableFuture<Long> load(Dropped dropped, Intake intake, RowFiles files) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        threads.execute(() -> run(dropped, intake, files, done));
        return done;
    }

    /** An Error too must fail the load, or its route would wait for ever. */
    @SuppressWarnings("CatchingUnchecked")
    private static void run(Dropped dropped, Intake intake, RowFiles files, CompletableFuture<Long> done) {
        try {
            done.complete(rows(dropped, intake, files));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.completeExceptionally(e);
        } catch (ExecutionException e) {
            done.completeExceptionally(e.getCause() == null ? e : e.getCause());
        } catch (IOException | RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }

    private static long rows(Dropped dropped, Intake intake, RowFiles files)
            throws IOException, InterruptedException, ExecutionException {
        EventShape shape = intake.contract().event();
        if (shape == null) {
            throw new IllegalArgumentException(
                    "%s takes no events".formatted(intake.contract().table()));
        }
        long begin = System.nanoTime();
        Instant receivedAt = Instant.now();
        Look before = Look.at(dropped.file());
        long rows = 0;
        long unread = 0;
        ArrayDeque<CompletableFuture<MergeOutcome>> underWay = new ArrayDeque<>();
        try (RowFile file = files.open(dropped.file(), dropped.name(), shape, dropped.format())) {
            for (Chunk chunk = file.next(); chunk != null; chunk = file.next()) {
                rows += chunk.places().numbers().length;
                unread += chunk.places().unread().size();
                Delivery delivery = new Delivery(
                        chunk.events(), "application/x-ndjson", dropped.source(), dropped.name(), receivedAt);
                underWay.add(intake.submit(delivery.from(chunk.places()).by(dropped.via())));
                while (!underWay.isEmpty() && underWay.element().isDone()) {
                    underWay.remove().get();
                }
            }
        }
        for (CompletableFuture<MergeOutcome> commit : underWay) {
            commit.get();
        }
        if (!Look.at(dropped.file()).equals(before)) {
            throw new IOException(
                    "%s was written to while it was read: it is read again. Write files beside the folder and move them in"
                            .formatted(dropped.name()));
        }
        if (rows + unread == 0) {
            throw new UnreadableFileException("The file has no rows. Drop it again when it has some.");
        }
        LOG.info(
                "{}: {} {} are committed to {} or its quarantine, after {} ms{}",
                dropped.name(),
                rows + unread,
                rows + unread == 1 ? "row" : "rows",
                intake.contract().table(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                unread == 0 ? "" : "; %d were no rows and are in quarantine".formatted(unread));
        return rows + unread;
    }

    private record Look(long size, FileTime changed) {
        static Look at(Path file) throws IOException {
            try {
                return new Look(Files.size(file), Files.getLastModifiedTime(file));
            } catch (NoSuchFileException e) {
                throw new UncheckedIOException("%s is gone".formatted(file), e);
            }
        }
    }

    /** Loads under way fail; their files stay where they are and come again. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
