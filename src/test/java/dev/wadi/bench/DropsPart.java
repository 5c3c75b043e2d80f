package dev.wadi.bench;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.file.BookingRows;
import dev.wadi.file.Chunk;
import dev.wadi.file.FileFormat;
import dev.wadi.file.RowFile;
import dev.wadi.file.RowFiles;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.Intake;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.parts.JavaCommand;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A CSV file of bookings, from the disk to committed rows of bronze.bookings. In this process. */
final class DropsPart {
    private static final TableName TABLE = new TableName("bronze", "bookings");
    private static final long WARM_UP = 100_000;
    private static final long ROWS = 1_000_000;
    /** Makes a file of a bit more than a gigabyte. */
    private static final long ROWS_OF_A_GIGABYTE = 4_500_000;

    private static final long GIGABYTE = 1_000_000_000;

    private DropsPart() {}

    static List<Figure> measure(Path folder) throws Exception {
        Path small = write(folder.resolve("small.csv"), 1, WARM_UP);
        Path csv = write(folder.resolve("bookings.csv"), 2, ROWS);
        double plain = plain(csv, folder);
        double read;
        try (DuckDb duckDb = new DuckDb("200MB", 2, folder.resolve("spill-read"))) {
            read(duckDb, small);
            long begin = System.nanoTime();
            read(duckDb, csv);
            read = (System.nanoTime() - begin) / 1e9;
        }
        try (MergeInProcess lake =
                new MergeInProcess(folder, Contracts.load(Path.of("schemas", "tables")), "1GB", 2, "512MB")) {
            Intake intake = lake.intake(TABLE);
            load(intake, small, folder);
            long begin = System.nanoTime();
            load(intake, csv, folder);
            double seconds = (System.nanoTime() - begin) / 1e9;
            begin = System.nanoTime();
            load(intake, csv, folder);
            double again = (System.nanoTime() - begin) / 1e9;
            if (lake.latest(TABLE).rows() != ROWS + WARM_UP) {
                throw new IllegalStateException(
                        "the table has %,d rows".formatted(lake.latest(TABLE).rows()));
            }
            return List.of(
                    Figure.of(
                                    "CSV of 1 million bookings (%d MB, 20 columns) -> merged in bronze"
                                            .formatted(Files.size(csv) / 1_000_000),
                                    seconds,
                                    "s",
                                    "plain DuckDB, the file to Parquet",
                                    plain)
                            .atMost(8),
                    Figure.of("of that, the file to events", read, "s", "plain DuckDB, the file to Parquet", plain),
                    Figure.of("the same file again: nothing changes", again, "s", "the first time", seconds));
        }
    }

    /** A gigabyte through a JVM with a heap of 256 MB and 256 MB for DuckDB. */
    static List<Figure> gigabyte(Path folder) throws Exception {
        Path csv = write(folder.resolve("big.csv"), 3, ROWS_OF_A_GIGABYTE);
        if (Files.size(csv) < GIGABYTE) {
            throw new IllegalStateException("the file has only %,d bytes".formatted(Files.size(csv)));
        }
        Process child = JavaCommand.of(
                        "-Xmx256m",
                        "-XX:MaxDirectMemorySize=64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        JavaCommand.classPath(),
                        DropsPart.class.getName(),
                        csv.toString(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.out").toFile())
                .start();
        int status = child.waitFor();
        List<String> said = Files.readAllLines(folder.resolve("child.out"));
        if (status != 0) {
            throw new IllegalStateException("it ended with %d: %s".formatted(status, said));
        }
        String[] numbers = said.getLast().split(" ");
        return List.of(
                Figure.of(
                        "CSV of %,d MB -> merged, heap 256 MB, DuckDB 256 MB".formatted(Files.size(csv) / 1_000_000),
                        Double.parseDouble(numbers[0]),
                        "s",
                        "",
                        Double.NaN),
                Figure.of("most resident memory on the way", Double.parseDouble(numbers[1]), "MB", "", Double.NaN));
    }

    /** The child: loads a file into a lake in a folder; its last line is the seconds and the most memory. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        try (MergeInProcess lake =
                new MergeInProcess(folder, Contracts.load(Path.of("schemas", "tables")), "256MB", 2, "64MB")) {
            long begin = System.nanoTime();
            load(lake.intake(TABLE), Path.of(args[0]), folder);
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (lake.latest(TABLE).rows() != ROWS_OF_A_GIGABYTE) {
                throw new IllegalStateException(
                        "the table has %,d rows".formatted(lake.latest(TABLE).rows()));
            }
            System.out.printf("%.1f %.0f%n", seconds, peak());
        }
    }

    private static double peak() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static Path write(Path file, long seed, long rows) throws IOException {
        Iterator<String> events = BookingRows.events(seed, rows).iterator();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(BookingRows.HEADER + "\n");
            while (events.hasNext()) {
                out.write(BookingRows.row(events.next()));
                out.write('\n');
            }
        }
        return file;
    }

    private static double plain(Path csv, Path folder) throws Exception {
        double best = Double.MAX_VALUE;
        try (DuckDb duckDb = new DuckDb("1GB", 2, folder.resolve("spill-plain"));
                Connection session = duckDb.open();
                Statement statement = session.createStatement()) {
            for (int round = 0; round < 3; round++) {
                long begin = System.nanoTime();
                statement.execute("COPY (FROM read_csv('%s')) TO '%s' (FORMAT parquet)"
                        .formatted(csv, folder.resolve("plain.parquet")));
                best = Math.min(best, (System.nanoTime() - begin) / 1e9);
            }
        }
        return best;
    }

    private static RowFile open(DuckDb duckDb, Path csv) throws IOException {
        EventShape shape = Objects.requireNonNull(
                Contracts.load(Path.of("schemas", "tables")).get(TABLE).event());
        return new RowFiles(duckDb).open(csv, csv.toString(), shape, FileFormat.ANY);
    }

    private static void read(DuckDb duckDb, Path csv) throws IOException {
        try (RowFile rows = open(duckDb, csv)) {
            while (rows.next() != null) {
                // as fast as it can
            }
        }
    }

    private static void load(Intake intake, Path csv, Path folder) throws Exception {
        List<CompletableFuture<MergeOutcome>> done = new ArrayList<>();
        try (DuckDb duckDb = new DuckDb("50MB", 1, folder.resolve("spill-parquet"));
                RowFile rows = open(duckDb, csv)) {
            for (Chunk chunk = rows.next(); chunk != null; chunk = rows.next()) {
                Delivery delivery =
                        new Delivery(chunk.events(), "application/x-ndjson", "bench", "bookings.csv", Instant.now());
                done.add(intake.submit(delivery.from(chunk.places())));
            }
        }
        done.forEach(CompletableFuture::join);
    }
}
