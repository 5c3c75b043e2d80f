package dev.wadi.route;

import static dev.wadi.route.Drops.BOOKINGS;
import static dev.wadi.route.Drops.QUARANTINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.file.BookingRows;
import dev.wadi.merge.Via;
import dev.wadi.parts.Await;
import dev.wadi.parts.JavaCommand;
import dev.wadi.table.Commit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder drop as it is shipped. */
class FolderDropsTest {
    private static final String ROUTE = "folder-drops.camel.yaml";

    @TempDir
    Path root;

    /** Complete at once: it was last written to an hour ago. */
    private void drop(String name, byte[] content) throws IOException {
        Path made = root.resolve("made");
        Files.write(made, content);
        Files.setLastModifiedTime(made, FileTime.from(Instant.now().minusSeconds(3600)));
        Path file = root.resolve("data/drops").resolve(name);
        Files.createDirectories(file.getParent());
        Files.move(made, file);
    }

    private void drop(String name, String content) throws IOException {
        drop(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    @Test
    void filesOfAllKindsBringTheEventsThatOtherDoorsBring() throws Exception {
        List<String> events = BookingRows.events(1, 30_000).toList();
        String header = BookingRows.HEADER + "\n";
        drop("bookings/a.csv", header + rows(events.subList(0, 12_000)));
        drop("bookings/b.csv.gz", gzip(header.replace(',', ';') + rows(events.subList(11_000, 20_000), ";")));
        drop("bookings/deeper/c.ndjson", String.join("\n", events.subList(19_000, 30_000)));
        try (Drops drops = new Drops(root, ROUTE, Map.of())) {
            Await.until(
                    "all files are processed", () -> drops.files("processed").size() == 3);
            assertThat(drops.files("processed"))
                    .containsExactly("bookings/a.csv", "bookings/b.csv.gz", "bookings/deeper/c.ndjson");
            assertThat(drops.files("drops")).isEmpty();
            assertThat(drops.files("rejected")).isEmpty();
            // byte by byte what AMQP would have brought, so an event that comes by two doors is one
            assertThat(new HashSet<>(drops.query(BOOKINGS, "SELECT payload FROM t")))
                    .isEqualTo(new HashSet<>(events));
            assertThat(drops.count(BOOKINGS)).isEqualTo(new HashSet<>(events).size());
            assertThat(drops.query(
                            BOOKINGS,
                            "SELECT source, position FROM t WHERE payload = '%s'"
                                    .formatted(events.get(10).replace("'", "''"))))
                    .containsExactly("file:drops|bookings/a.csv#line 12");

            for (Commit commit : drops.lake().table(BOOKINGS).history(1_000, 0).commits()) {
                if ("MERGE".equals(commit.operation())) {
                    assertThat(Via.of(commit)).singleElement().satisfies(via -> {
                        assertThat(via.door()).isEqualTo("file:drops");
                        assertThat(via.route())
                                .isEqualTo(drops.routes().list().getFirst().id());
                        assertThat(via.version()).matches("[0-9a-f]{12}");
                    });
                }
            }

            drop("bookings/again.csv", header + rows(events.subList(0, 12_000)));
            Await.until(
                    "the same rows in another file",
                    () -> drops.files("processed").size() == 4);
            assertThat(drops.count(BOOKINGS)).isEqualTo(new HashSet<>(events).size());
        }
    }

    private static String rows(List<String> events) {
        return rows(events, ",");
    }

    private static String rows(List<String> events, String delimiter) {
        return events.stream().map(event -> BookingRows.row(event, delimiter)).collect(Collectors.joining("\n"));
    }

    @Test
    void aThousandMalformedInputsAddUp() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> events = BookingRows.events(seed, 1_500).distinct().toList();
        int unreadable = 40;
        int badRows = 960;
        int good = 0;
        for (int i = 0; i < unreadable; i++) {
            drop("bookings/unreadable-%d.csv".formatted(i), unreadable(random));
        }
        // each bad row is another one: refused rows with equal texts are one row in quarantine
        int left = badRows;
        for (int file = 0; left > 0; file++) {
            StringBuilder content = new StringBuilder(BookingRows.HEADER).append('\n');
            for (int row = 0; row < 300 && left > 0; row++) {
                if (good < events.size() && random.nextBoolean()) {
                    content.append(BookingRows.row(events.get(good++))).append('\n');
                } else {
                    content.append(badRow(random, left--, events.get(0))).append('\n');
                }
            }
            drop("bookings/mixed-%d.csv".formatted(file), content.toString());
        }
        int merged = good;
        try (Drops drops = new Drops(root, ROUTE, Map.of())) {
            Await.until("all are handled", () -> drops.files("drops").isEmpty());
            assertThat(drops.count(BOOKINGS)).as("seed %d", seed).isEqualTo(merged);
            assertThat(drops.count(QUARANTINE)).as("seed %d", seed).isEqualTo(badRows);
            assertThat(drops.query(QUARANTINE, "SELECT DISTINCT source FROM t")).containsExactly("file:drops");
            assertThat(
                            drops.query(
                                    QUARANTINE,
                                    "SELECT count(*) FROM t WHERE regexp_full_match(position, 'bookings/mixed-\\d+\\.csv#line \\d+') AND length(message) > 10"))
                    .containsExactly(Integer.toString(badRows));
            Set<String> rejected = drops.files("rejected");
            assertThat(rejected).as("seed %d", seed).hasSize(2 * unreadable);
            assertThat(rejected.stream().filter(name -> name.endsWith(".csv.report.txt")))
                    .hasSize(unreadable);
        }
    }

    static byte[] unreadable(Random random) throws IOException {
        String header = BookingRows.HEADER + "\n";
        String row = "a,b\n";
        byte[] packed = gzip(header + row.repeat(500));
        return switch (random.nextInt(7)) {
            case 0 -> new byte[0];
            case 1 -> "what,is,this\n1,2,3\n".getBytes(StandardCharsets.UTF_8);
            case 2 -> (header.replace("booking_id,", "") + row).getBytes(StandardCharsets.UTF_8);
            case 3 -> (header + "ä").getBytes(StandardCharsets.ISO_8859_1);
            case 4 -> java.util.Arrays.copyOf(packed, packed.length - 5 - random.nextInt(20));
            case 5 -> header.getBytes(StandardCharsets.UTF_8);
            default -> {
                byte[] noise = new byte[1 + random.nextInt(5_000)];
                random.nextBytes(noise);
                yield noise;
            }
        };
    }

    static String badRow(Random random, int number, String event) {
        String row = BookingRows.row(event).replaceFirst("^[^,]*", "bad-" + number);
        return switch (random.nextInt(9)) {
            case 0 -> "only,%d".formatted(number);
            case 1 -> row + ",more";
            case 2 -> "\"" + row;
            case 3 -> row.replaceFirst("^([^,]*),", "\"$1\"x,");
            case 4 -> row.replace(",created,", ",perhaps,");
            case 5 -> row.replaceFirst("T\\d\\d:", "T25:");
            case 6 -> row.replaceFirst(",(flight|hotel|car),", ",,");
            case 7 -> row.replaceFirst(",\\d{4}-\\d\\d-\\d\\d,", ",2026-02-30,");
            default -> row.replaceFirst(",[A-Z]{3},", ",,");
        };
    }

    @Test
    void aFolderThatIsNoStreamIsRejectedWithTheStreamsThatThereAre() throws Exception {
        drop("bokings/x.csv", BookingRows.file(1, 1));
        drop("x.csv", BookingRows.file(1, 1));
        try (Drops drops = new Drops(root, ROUTE, Map.of())) {
            Await.until("both are rejected", () -> drops.files("rejected").size() == 4);
            try (Stream<Path> files = Files.walk(root.resolve("data/rejected/bokings"))) {
                Path report = files.filter(file -> file.toString().endsWith(".report.txt"))
                        .findFirst()
                        .orElseThrow();
                assertThat(report)
                        .hasContent(
                                "There is no stream 'bokings'. Drop files into a folder that is called like one: bookings, clickstream, holidays, rates, shop.");
            }
        }
    }

    @Test
    void aFileThatIsBeingWrittenIsLeftAlone() throws Exception {
        Path file = root.resolve("data/drops/bookings/slow.csv");
        Files.createDirectories(file.getParent());
        try (Drops drops = new Drops(root, ROUTE, Map.of())) {
            List<String> lines = BookingRows.file(3, 5).lines().toList();
            for (String line : lines) {
                Files.writeString(
                        file,
                        line + "\n",
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.APPEND);
                Thread.sleep(600);
            }
            Await.until("it is processed", () -> drops.files("processed").size() == 1);
            assertThat(drops.count(BOOKINGS)).isEqualTo(5);
            assertThat(drops.query(BOOKINGS, "SELECT count(DISTINCT received_at) FROM t"))
                    .containsExactly("1");
        }
    }

    @Test
    void aRestartInTheMiddleOfAFileRepeatsNothing() throws Exception {
        int rows = 60_000;
        drop("bookings/big.csv", BookingRows.file(4, rows));
        try (Drops drops = new Drops(root, ROUTE, Map.of())) {
            Await.until("some of it is committed", () -> drops.count(BOOKINGS) > 0);
        }
        try (Drops drops = new Drops(root, ROUTE, Map.of())) {
            Await.until("all of it is processed", () -> drops.files("processed").size() == 1);
            assertThat(drops.count(BOOKINGS)).isEqualTo(rows);
            assertThat(drops.query(BOOKINGS, "SELECT count(DISTINCT event_id) FROM t"))
                    .containsExactly(Integer.toString(rows));
        }
    }

    /** Killed with -9, as soon as some of the file is committed. */
    @Test
    void aKillInTheMiddleOfAFileLosesAndRepeatsNothing() throws Exception {
        int rows = 200_000;
        drop("bookings/big.csv", BookingRows.file(5, rows));
        for (int kill = 0; kill < 2; kill++) {
            Process child = JavaCommand.of(
                            "-Xmx512m",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            JavaCommand.classPath(),
                            FolderDropsTest.class.getName(),
                            root.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(root.resolve("child.out").toFile())
                    .start();
            try {
                int before = commits();
                Await.until("another commit", () -> commits() > before || !child.isAlive());
                assertThat(child.isAlive())
                        .as(Files.readString(root.resolve("child.out")))
                        .isTrue();
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
        assertThat(root.resolve("data/drops/bookings/big.csv")).exists();
        try (Drops drops = new Drops(root, ROUTE, Map.of())) {
            assertThat(drops.count(BOOKINGS)).isBetween(1L, rows - 1L);
            Await.until("all of it is processed", () -> drops.files("processed").size() == 1);
            assertThat(drops.count(BOOKINGS)).isEqualTo(rows);
            assertThat(drops.query(BOOKINGS, "SELECT count(DISTINCT event_id) FROM t"))
                    .containsExactly(Integer.toString(rows));
        }
    }

    private int commits() throws IOException {
        Path log = root.resolve("lake/bronze/bookings/_delta_log");
        if (!Files.exists(log)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(log)) {
            return (int) files.filter(file -> file.toString().endsWith(".json")).count();
        }
    }

    /** The child of the test above: runs until it is killed. */
    public static void main(String[] args) throws Exception {
        try (Drops drops = new Drops(Path.of(args[0]), ROUTE, Map.of())) {
            Thread.sleep(600_000);
            System.out.println("nobody killed it: " + drops.files("processed"));
        }
    }
}
