package dev.wadi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.local.Settings;
import dev.wadi.merge.MergeInProcess;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that somebody spoiled, made anew by the command. */
class RebuildDeskTest {
    private static final TableName EVENTS = TableName.parse("gold.fact_events");

    @TempDir
    Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void whatWasSpoiledIsToldAndPutRight() {
        try (MergeInProcess wadi = new MergeInProcess(
                root.resolve("data"), Contracts.load(Path.of("schemas", "tables")), "512MB", 2, "0MB")) {
            for (String[] click : new String[][] {{"e1", "search"}, {"e2", "search"}, {"e3", "purchase"}}) {
                wadi.merge(TableName.parse("silver.clickstream"), """
                        SELECT '%s' AS event_id, DATE '2026-11-21' AS event_date, TIMESTAMPTZ '2026-11-21 10:00:00+00' AS event_time,
                          'u1' AS user_id, NULL AS session_id, '%s' AS action, NULL AS product_id, NULL AS page_url, NULL AS referrer,
                          NULL AS user_agent, NULL AS device, NULL AS country, NULL AS city, NULL AS lat, NULL AS lon,
                          NULL AS time_on_page_ms, NULL AS scroll_depth, '{}' AS _doc, 'test' AS source, 'p' AS position, now() AS received_at
                        """.formatted(click[0], click[1]));
            }
            assertThat(run(EVENTS, false)).isZero();
            assertThat(run(EVENTS, true)).isZero();
            assertThat(text()).contains("gold.fact_events version 1 is what its sources say: 2 rows");

            wadi.merge(EVENTS, """
                    SELECT DATE '2026-11-21' AS event_date, 'search' AS action, 20261121 AS date_key, 7 AS events
                    UNION ALL SELECT DATE '2026-11-20', 'login', 20261120, 1
                    """);
            assertThat(run(EVENTS, true)).isEqualTo(1);
            assertThat(text())
                    .contains(
                            "is not what its sources say: of 2 rows 0 were missing and 1 different, and 1 were too many")
                    .contains("different: 2026-11-21, search (events 7 should be 2)")
                    .contains("extra: 2026-11-20, login");
            assertThat(run(EVENTS, false)).isZero();
            assertThat(text()).contains("was put right");
            assertThat(run(EVENTS, true)).isZero();
        }
    }

    @Test
    void itsWordsAreATableOrAll() {
        assertThat(CommandLine.parse("1", "rebuild", "gold.fact_events", "--compare"))
                .isEqualTo(new CommandLine.Renew(Optional.of(EVENTS), true, false));
        assertThat(CommandLine.parse("1", "rebuild", "all"))
                .isEqualTo(new CommandLine.Renew(Optional.empty(), false, false));
        assertThat(CommandLine.parse("1", "rebuild")).isInstanceOf(CommandLine.Refuse.class);
    }

    private int run(TableName table, boolean compare) {
        out.reset();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new RebuildDesk(print, print).run(settings(), Optional.of(table), compare, false);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private Settings settings() {
        try (Environment environment = ApplicationContext.builder()
                .deduceEnvironment(false)
                .propertySources(PropertySource.of(Map.of(
                        "wadi.routes-dir", "routes",
                        "wadi.schemas-dir", "schemas",
                        "wadi.data-dir", root.resolve("data").toString())))
                .build()
                .getEnvironment()
                .start()) {
            return Settings.read(environment);
        }
    }
}
