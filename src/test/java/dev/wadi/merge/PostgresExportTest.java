package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.parts.Await;
import dev.wadi.parts.LakeRows;
import dev.wadi.parts.PostgresDatabase;
import io.micronaut.context.ApplicationContext;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random events of all streams become gold, and gold is in PostgreSQL: with restarts in the middle, and a database that goes away
 * and comes back. Repeat a run with {@code -Dwadi.seed=N}.
 */
class PostgresExportTest {
    private static final int EVENTS = 300;
    private static final int LARGEST_BATCH = 60;

    /** What each table of PostgreSQL has to hold: its columns, the gold table, and the columns there. */
    private record Export(String columns, String gold, String select, String where) {}

    private static final Map<String, Export> EXPORTS = Map.of(
            "users",
            new Export(
                    "user_id, customer_key, name, country, extract(epoch FROM updated_at)::bigint",
                    "gold.dim_customer",
                    "customer_id, customer_key, name, country, epoch(updated_at)::BIGINT",
                    " WHERE is_current AND customer_id IS NOT NULL"),
            "user_activity",
            new Export(
                    "month, user_id, events, active_days, first_date, last_date, sessions, purchases, session_seconds",
                    "gold.agg_monthly_user_activity",
                    "month, user_id, events, active_days, first_date, last_date, sessions, purchases, session_seconds",
                    ""),
            "aggregated_metrics",
            new Export("day, metric, subject, value", "gold.agg_daily_metrics", "day, metric, subject, value", ""));

    @TempDir
    Path folder;

    private final long seed = Long.getLong("wadi.seed", System.nanoTime());
    private PostgresDatabase postgres;

    @BeforeEach
    void start() throws Exception {
        System.out.println("PostgresExportTest: -Dwadi.seed=" + seed);
        postgres = new PostgresDatabase(folder.resolve("pg"));
        postgres.makeSourceTables();
    }

    @AfterEach
    void stop() throws Exception {
        postgres.close();
    }

    private ApplicationContext run() {
        return ApplicationContext.run(Map.of(
                "wadi.routes-dir",
                "routes/transform",
                "wadi.lake",
                folder.resolve("lake").toString(),
                "wadi.data-dir",
                folder.resolve("data").toString(),
                "wadi.duckdb-memory",
                "256MB",
                "jdbc.url",
                postgres.jdbcUrl(),
                "rabbitmq.uri",
                "amqp://guest:secret@127.0.0.1:1"));
    }

    @Test
    void postgresql_has_what_gold_has() throws Exception {
        Random random = new Random(seed);
        GoldEvents events = new GoldEvents(random);
        events.some(EVENTS);
        List<GoldEvents.Arrival> arrivals = new ArrayList<>(events.arrivals);
        Collections.shuffle(arrivals, random);
        int at = 0;
        for (int life = 0; life < 3; life++) {
            int until = life == 2 ? arrivals.size() : arrivals.size() * (life + 1) / 3;
            try (ApplicationContext wadi = run()) {
                while (at < until) {
                    int end = Math.min(until, at + 1 + random.nextInt(LARGEST_BATCH));
                    land(wadi, arrivals.subList(at, end));
                    at = end;
                    if (life == 1 && random.nextInt(3) == 0) {
                        postgres.stop();
                        Thread.sleep(1_000);
                        postgres.start();
                    }
                    Thread.sleep(random.nextInt(500));
                }
                if (life != 2) {
                    continue; // it ends in the middle
                }
                for (Map.Entry<String, Export> export : EXPORTS.entrySet()) {
                    same(wadi, export.getKey(), export.getValue());
                }
                assertThat(postgres.rows("SELECT metric FROM analytics.aggregated_metrics GROUP BY 1 ORDER BY 1"))
                        .containsExactly("active_users", "cancelled_orders", "events", "orders", "revenue_eur");
            }
        }
    }

    private static void land(ApplicationContext wadi, List<GoldEvents.Arrival> batch) {
        batch.stream()
                .collect(Collectors.groupingBy(
                        GoldEvents.Arrival::stream,
                        TreeMap::new,
                        Collectors.mapping(GoldEvents.Arrival::row, Collectors.joining(" UNION ALL "))))
                .forEach((stream, rows) ->
                        wadi.getBean(Transforms.class).run("test", TableName.parse("bronze." + stream), rows));
    }

    private void same(ApplicationContext wadi, String table, Export export) throws Exception {
        // twice the same is the end: every table of gold rests by then
        Await.until(table + " is what " + export.gold() + " is", () -> {
            List<String> before = gold(wadi, export);
            Thread.sleep(1_500);
            return before.equals(gold(wadi, export)) && before.equals(found(table, export));
        });
        assertThat(found(table, export)).isNotEmpty();
    }

    private List<String> found(String table, Export export) throws SQLException {
        return postgres.rows("SELECT %s FROM analytics.%s".formatted(export.columns(), table)).stream()
                .sorted()
                .toList();
    }

    private static List<String> gold(ApplicationContext wadi, Export export) {
        return LakeRows.of(
                        wadi,
                        TableName.parse(export.gold()),
                        "SELECT %s FROM t%s".formatted(export.select(), export.where()))
                .stream()
                .sorted()
                .toList();
    }
}
