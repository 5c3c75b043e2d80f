package dev.wadi.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.parts.AzuriteServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dropped files: of bounded size, and there as a whole or not at all. */
class DropTargetTest {
    private static final Options CLEAN = Options.clean(1, Instant.parse("2026-03-01T08:00:00Z"));
    private static final int EVENTS = 25_500;
    private static final int FILE_ROWS = 1_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"FOLDER_CSV", "FOLDER_PARQUET"})
    void filesInAFolderAreWholeTheMomentTheyAreSeen(Destination destination) throws Exception {
        Path drops = folder.resolve("drops");
        Path place = Files.createDirectories(drops.resolve("bookings"));
        Map<String, Long> seen = watch(
                () -> visible(place).stream()
                        .map(file -> file.getFileName().toString())
                        .toList(),
                name -> rows(place.resolve(name)),
                () -> generate(destination, "http://127.0.0.1:1", Optional.of(drops.toString())));
        bounded(seen);
        try (Stream<Path> files = Files.walk(drops)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(26).noneMatch(DropTargetTest::hidden);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BLOB_CSV", "BLOB_PARQUET"})
    void blobsAreWholeTheMomentTheyAreSeen(Destination destination) throws Exception {
        try (AzuriteServer azurite = AzuriteServer.start()) {
            Map<String, Long> seen = watch(
                    () -> List.copyOf(azurite.names()),
                    name -> {
                        Path file = folder.resolve(name.replace('/', '_'));
                        Files.write(file, azurite.get(name));
                        return rows(file);
                    },
                    () -> generate(destination, azurite.connection(), Optional.empty()));
            bounded(seen);
            assertThat(seen.keySet()).allMatch(name -> name.startsWith("drops/bookings/bookings-1-"));

            generate(
                    Destination.BLOB_CSV,
                    "of nowhere",
                    Optional.of(azurite.container().getBlobContainerUrl()));
            assertThat(azurite.names()).hasSize(2 * 26);
        }
    }

    @Test
    void aStoreOrContainerThatIsNotThereIsNamedWithTheCure() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (AzuriteServer azurite = AzuriteServer.start()) {
            azurite.container().delete();
            assertThatThrownBy(() -> generate(Destination.BLOB_CSV, azurite.connection(), Optional.empty()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "%s is not there: make the container, or name another with WADI_BLOB_CONTAINER or --at",
                            azurite.container().getBlobContainerUrl());
            assertThatThrownBy(() -> generate(
                            Destination.BLOB_CSV,
                            azurite.connection().replaceFirst("127.0.0.1:\\d+", "127.0.0.1:" + nobody),
                            Optional.empty()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "There is no blob store at http://127.0.0.1:%d/devstoreaccount1/wadi (".formatted(nobody))
                    .hasMessageContaining("start Wadi with `make run`");
        }
        assertThatThrownBy(() ->
                        generate(Destination.BLOB_CSV, "unused", Optional.of("https://me.blob.core.windows.net/mine")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not say how to sign in");
    }

    private static Void generate(Destination destination, String connection, Optional<String> at) throws IOException {
        Destination.Addresses usual = new Destination.Addresses(
                "", "", "", "", Path.of("nowhere"), new Destination.Blobs(connection, "wadi"));
        try (Target target = destination.open(
                SyntheticStream.BOOKINGS,
                CLEAN,
                usual,
                new Destination.Details(at, Optional.empty(), FILE_ROWS),
                OutputStream.nullOutputStream())) {
            new Generation(SyntheticStream.BOOKINGS, CLEAN, null).run(EVENTS, 0, target);
        }
        return null;
    }

    private interface Size {
        long of(String name) throws Exception;
    }

    /** Reads each file the first time that it is seen, while {@code work} goes on and once more afterwards. */
    private static Map<String, Long> watch(Callable<List<String>> names, Size size, Callable<Void> work)
            throws Exception {
        Map<String, Long> seen = new HashMap<>();
        CompletableFuture<Void> working = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                working.complete(work.call());
            } catch (Exception e) {
                working.completeExceptionally(e);
            }
        });
        boolean last;
        do {
            last = working.isDone();
            for (String name : names.call()) {
                if (!seen.containsKey(name)) {
                    seen.put(name, size.of(name));
                }
            }
        } while (!last);
        working.get();
        return seen;
    }

    private static void bounded(Map<String, Long> seen) {
        List<Long> sizes = seen.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
        List<Long> expected = new ArrayList<>(java.util.Collections.nCopies(EVENTS / FILE_ROWS, (long) FILE_ROWS));
        expected.add((long) EVENTS % FILE_ROWS);
        assertThat(sizes).isEqualTo(expected);
    }

    private static List<Path> visible(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> !hidden(file)).toList();
        }
    }

    private static boolean hidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private static long rows(Path file) throws SQLException, IOException {
        if (file.toString().endsWith(".csv")) {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            assertThat(text)
                    .startsWith("booking_id,agency_id,agency_name,customer.id,")
                    .endsWith("\n");
            return text.lines().count() - 1;
        }
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(\"customer.id\") FROM read_parquet('%s')".formatted(file))) {
            row.next();
            return row.getLong(1);
        }
    }
}
