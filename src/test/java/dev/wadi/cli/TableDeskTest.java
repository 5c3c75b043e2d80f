package dev.wadi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.parts.MovingFolder;
import dev.wadi.store.LocalStore;
import dev.wadi.table.Lake;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.MapPropertySource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for a table, on a lake at rest. */
class TableDeskTest {
    private static final TableName TIME = TableName.parse("gold.dim_time");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write() {
        Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
        try (MergeInProcess wadi = new MergeInProcess(folder, contracts, "512MB", 2, "64MB")) {
            for (int part = 0; part < 3; part++) {
                wadi.merge(TIME, query(part));
            }
        }
    }

    /** Rows of the calendar whose other columns are null, or what their contract requires. */
    private static String query(int part) {
        return "SELECT DATE '2026-01-01' + CAST(i AS INTEGER) AS date, %s FROM range(%d, %d) t(i)"
                .formatted(
                        String.join(
                                ", ",
                                Contracts.load(Path.of("schemas", "tables")).get(TIME).columns().stream()
                                        .filter(column -> !column.name().equals("date"))
                                        .map(column -> "%s::%s AS %s"
                                                .formatted(
                                                        column.type() == ColumnType.Simple.DATE
                                                                ? "DATE '2026-01-01'"
                                                                : "CAST(i AS INTEGER)",
                                                        column.type().sql(),
                                                        column.name()))
                                        .toList()),
                        part * 10,
                        part * 10 + 10);
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        CommandLine line = CommandLine.parse("1.2", words);
        assertThat(line).describedAs(Arrays.toString(words)).isInstanceOf(CommandLine.Tend.class);
        Map<String, Object> settings = Map.of(
                "wadi.lake", folder.resolve("lake").toString(),
                "wadi.data-dir", folder.toString(),
                "wadi.duckdb-memory", "512MB");
        // everything else is as shipped
        try (ApplicationContext context = ApplicationContext.builder()
                        .deduceEnvironment(false)
                        .environmentPropertySource(false)
                        .propertySources(MapPropertySource.of("test", settings))
                        .build();
                Environment shipped = context.getEnvironment().start()) {
            return new TableDesk(stream(out), stream(err)).run(((CommandLine.Tend) line).task(), shipped);
        }
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out());
    }

    @Test
    void optimizeVacuumRestoreAndHistoryDoWhatTheySay() throws IOException {
        assertThat(run("history", "gold.dim_time", "--limit", "2")).isZero();
        assertThat(out()).contains("3  ", "MERGE").hasLineCount(2);

        assertThat(run("optimize", "gold.dim_time", "--format", "json")).isZero();
        assertThat(json().get("filesRemoved").asInt()).isEqualTo(3);
        assertThat(json().get("version").asInt()).isEqualTo(4);
        assertThat(run("optimize", "gold.dim_time")).isZero();
        assertThat(out()).isEqualToIgnoringNewLines("gold.dim_time has nothing to optimize; it stays at version 4");

        assertThat(run("restore", "gold.dim_time", "--version", "2")).isZero();
        assertThat(out())
                .contains("gold.dim_time is at version 5 with the 20 rows of version 2: 2 files came back, 1 went");
        assertThat(run("history", "gold.dim_time", "--format", "json")).isZero();
        assertThat(json().at("/commits/0/operation").asText()).isEqualTo("RESTORE");
        assertThat(json().at("/total").asInt()).isEqualTo(6);

        age();
        assertThat(run("vacuum", "gold.dim_time", "--dry-run")).isZero();
        assertThat(out()).contains("2 files of ", "would be deleted").hasLineCount(3);
        assertThat(run("vacuum", "gold.dim_time", "--retention", "7d", "--format", "json"))
                .isZero();
        assertThat(json().get("files")).hasSize(2);
        try (Lake lake = new Lake(new LocalStore(), folder.resolve("lake"), new Contracts(List.of()))) {
            assertThat(lake.table(TIME).latest().rows()).isEqualTo(20);
        }

        assertThat(run("restore", "gold.dim_time", "--version", "3")).isEqualTo(TableDesk.FAILED);
        assertThat(err()).contains("gold.dim_time version 3 is past: files of it were vacuumed. Versions 5 to 5 can");
    }

    @Test
    void anUnknownTableListsThoseThereAre() {
        assertThat(run("history", "gold.dim_tim")).isEqualTo(TableDesk.REFUSED);
        assertThat(err()).isEqualToIgnoringNewLines("There is no table gold.dim_tim. There are: gold.dim_time.");
    }

    @Test
    void vacuumRefusesARetentionUnderTheSafetyAgeUnlessForced() {
        assertThat(run("vacuum", "gold.dim_time", "--retention", "5m")).isEqualTo(TableDesk.REFUSED);
        assertThat(err()).contains("a retention of 5m is shorter than the safety age (1h)", "--force");
        assertThat(run("vacuum", "gold.dim_time", "--retention", "0s", "--force"))
                .isZero();
    }

    @Test
    void wordsThatMakeNoSenseAreRefusedWithWhatToWrite() {
        assertRefused("name a table", "history");
        assertRefused("'gold' is not a table name", "history", "gold");
        assertRefused("there is no option '--dry-run'", "optimize", "gold.dim_time", "--dry-run");
        assertRefused("--retention 7 weeks: write a number", "vacuum", "gold.dim_time", "--retention", "7 weeks");
        assertRefused("--limit 0: write a whole number from 1 on", "history", "gold.dim_time", "--limit", "0");
        assertRefused("--version N or --timestamp T", "restore", "gold.dim_time");
        assertRefused("--timestamp yesterday is no time", "restore", "gold.dim_time", "--timestamp", "yesterday");
        assertRefused("--limit needs a value", "history", "gold.dim_time", "--limit");
        assertRefused("one word too many", "history", "gold.dim_time", "gold.dim_product");
        assertThat(CommandLine.parse("1.2", "vacuum", "--help"))
                .isInstanceOfSatisfying(
                        CommandLine.Print.class,
                        print -> assertThat(print.text()).contains("--retention", "--dry-run", "--force"));
    }

    private static void assertRefused(String what, String... words) {
        assertThat(CommandLine.parse("1.2", words))
                .isInstanceOfSatisfying(
                        CommandLine.Refuse.class,
                        refuse -> assertThat(refuse.text()).contains(what));
    }

    private void age() throws IOException {
        for (Path file : MovingFolder.files(folder.resolve("lake"))) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        }
    }
}
