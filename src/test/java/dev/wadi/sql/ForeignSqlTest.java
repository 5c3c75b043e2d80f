package dev.wadi.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.sql.SqlProblem.Kind;
import dev.wadi.table.NoSuchVersionException;
import dev.wadi.table.TableException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignSqlTest {
    private static final String ENDLESS =
            "SELECT count(*) FROM range(1000000000000) a, range(100) b WHERE a.range + b.range = -1";

    @TempDir
    private static Path folder;

    private static SqlLake lake;
    private static ForeignSql sql;
    /** Takes a second at most. */
    private static ForeignSql hasty;

    @BeforeAll
    static void open() {
        lake = new SqlLake(folder);
        sql = lake.sql(SqlLake.settings("60S", "256MB"));
        hasty = new ForeignSql(
                lake.reader(), lake.contracts(), SqlLake.settings("2S", "256MB"), folder.resolve("hasty"));
    }

    @AfterAll
    static void close() {
        sql.close();
        hasty.close();
        lake.close();
        assertThat(folder.resolve("sql")).isEmptyDirectory();
        assertThat(folder.resolve("hasty")).isEmptyDirectory();
    }

    private static SqlAnswer ask(String statement) {
        return sql.answer(SqlQuestion.of(statement));
    }

    private static SqlProblem refusal(ForeignSql engine, String statement) {
        return catchThrowableOfType(SqlProblem.class, () -> engine.answer(SqlQuestion.of(statement)));
    }

    @Test
    void aStatementIsAnsweredWithTypesAndVersions() {
        SqlAnswer answer = ask("SELECT * FROM gold.orders ORDER BY id");

        assertThat(answer.columns())
                .containsExactly(
                        new SqlAnswer.Column("id", "BIGINT"),
                        new SqlAnswer.Column("day", "DATE"),
                        new SqlAnswer.Column("amount", "DECIMAL(18,2)"),
                        new SqlAnswer.Column("note", "VARCHAR"),
                        new SqlAnswer.Column("seen", "TIMESTAMP WITH TIME ZONE"));
        assertThat(answer.rows())
                .containsExactly(
                        List.of(
                                1L,
                                LocalDate.parse("2026-01-01"),
                                new BigDecimal("10.50"),
                                "first",
                                OffsetDateTime.parse("2026-01-01T12:00Z")),
                        Arrays.asList(
                                2L,
                                LocalDate.parse("2026-01-02"),
                                new BigDecimal("20.25"),
                                null,
                                OffsetDateTime.parse("2026-01-02T12:00Z")),
                        Arrays.asList(3L, LocalDate.parse("2026-01-03"), new BigDecimal("0.05"), "äöü", null));
        assertThat(answer.versions()).containsOnlyKeys(SqlLake.ORDERS);
        assertThat(answer.truncated()).isFalse();
    }

    @Test
    void everyTypeOfDuckDbHasAValue() {
        SqlAnswer answer = ask("""
                SELECT true, 1::TINYINT, 2::UBIGINT, 3::HUGEINT, 1.5::FLOAT, 'nan'::DOUBLE, 1.25, 'x', '\\x01'::BLOB,
                    TIMESTAMP '2026-01-01 01:02:03', TIME '01:02:03', INTERVAL 3 DAY, [1, 2], {'a': 1, 'b': 'x'}, MAP {'k': 1},
                    '00000000-0000-0000-0000-000000000001'::UUID, '101'::BIT, '{"a": 1}'::JSON, NULL, 1 AS x, 2 AS X""");

        assertThat(answer.rows().getFirst())
                .containsExactly(
                        true,
                        1L,
                        new BigDecimal(2),
                        new BigDecimal(3),
                        1.5,
                        null,
                        new BigDecimal("1.25"),
                        "x",
                        "AQ==",
                        "2026-01-01T01:02:03",
                        "01:02:03",
                        "3 days",
                        "[1, 2]",
                        "{'a': 1, 'b': x}",
                        "{k=1}",
                        "00000000-0000-0000-0000-000000000001",
                        "101",
                        "{\"a\": 1}",
                        null,
                        1L,
                        2L);
        assertThat(answer.columns().stream().map(SqlAnswer.Column::name).toList())
                .endsWith("x", "X_1");
    }

    @Test
    void parametersAreBound() {
        SqlQuestion question = new SqlQuestion(
                "SELECT id FROM gold.orders WHERE day >= ? AND amount < ? AND ? ORDER BY id",
                List.of("2026-01-02", new BigDecimal("20.5"), true),
                null,
                null,
                Map.of(),
                null);
        assertThat(sql.answer(question).rows()).containsExactly(List.of(2L), List.of(3L));

        SqlQuestion injected = new SqlQuestion(
                "SELECT count(*) FROM gold.orders WHERE note = ?",
                List.of("' OR 1=1; DROP VIEW gold.orders --"),
                null,
                null,
                Map.of(),
                null);
        assertThat(sql.answer(injected).rows()).containsExactly(List.of(0L));
        assertThat(refusal(sql, "SELECT ?")).hasMessageContaining("1 parameters, and 0 values came");
    }

    @Test
    void rowsStopAtTheLimitAndThatIsSaid() {
        SqlAnswer few = sql.answer(
                new SqlQuestion("SELECT id FROM gold.orders ORDER BY id", List.of(), 2, null, Map.of(), null));
        assertThat(few.rows()).containsExactly(List.of(1L), List.of(2L));
        assertThat(few.truncated()).isTrue();

        SqlAnswer all = ask("FROM range(1000)");
        assertThat(all.rows()).hasSize(1_000);
        assertThat(all.truncated()).isFalse();

        SqlAnswer more = sql.answer(new SqlQuestion("FROM range(1001)", List.of(), 1_000_000, null, Map.of(), null));
        assertThat(more.rows()).hasSize(1_000);
        assertThat(more.limit()).isEqualTo(1_000);
        assertThat(more.truncated()).isTrue();

        SqlAnswer large = ask("SELECT repeat('x', 20000) FROM range(1000)");
        assertThat(large.rows()).hasSizeBetween(700, 800);
        assertThat(large.truncated()).isTrue();
    }

    @Test
    void aTableIsReadAtTheVersionThatIsAskedFor(@TempDir Path other) {
        try (SqlLake changing = new SqlLake(other);
                ForeignSql engine = changing.sql(SqlLake.settings("60S", "256MB"))) {
            Instant before = Instant.now();
            Map<TableName, Long> first =
                    engine.answer(SqlQuestion.of("FROM gold.orders")).versions();
            changing.delete(SqlLake.ORDERS, 1);

            String ids = "SELECT id FROM gold.orders ORDER BY id";
            assertThat(engine.answer(SqlQuestion.of(ids)).rows()).containsExactly(List.of(1L), List.of(3L));
            SqlAnswer old = engine.answer(new SqlQuestion(ids, List.of(), null, null, first, null));
            assertThat(old.rows()).hasSize(3);
            assertThat(old.versions()).isEqualTo(first);
            assertThat(engine.answer(new SqlQuestion(ids, List.of(), null, null, Map.of(), before))
                            .rows())
                    .hasSize(3);
            assertThatExceptionOfType(NoSuchVersionException.class)
                    .isThrownBy(() -> engine.answer(
                            new SqlQuestion(ids, List.of(), null, null, Map.of(SqlLake.ORDERS, 99L), null)));
        }
    }

    @Test
    void aTableWithoutRowsAndItsColumnsCanBeAsked() {
        assertThat(ask("SELECT count(*), max(id) FROM gold.none").rows()).containsExactly(Arrays.asList(0L, null));
        assertThat(ask("DESCRIBE gold.none").rows()).hasSize(5);
    }

    @Test
    void aDamagedTableIsNotTheFaultOfTheStatement(@TempDir Path other) throws Exception {
        try (SqlLake damaged = new SqlLake(other);
                ForeignSql engine = damaged.sql(SqlLake.settings("60S", "256MB"))) {
            Files.delete(other.resolve("la'ke/gold/orders/file-1.parquet"));
            assertThatExceptionOfType(TableException.class)
                    .isThrownBy(() -> engine.answer(SqlQuestion.of("FROM gold.orders")))
                    .withMessageStartingWith("gold.orders version 1 cannot be read: its data file file-1.parquet");
        }
    }

    @Test
    void aMistakeIsSaidWithItsLine() {
        SqlProblem problem = refusal(sql, "SELECT id,\n  amout FROM gold.orders");
        assertThat(problem.kind()).isEqualTo(Kind.STATEMENT);
        assertThat(problem).hasMessageContaining("amout").hasMessageContaining("amount");
        assertThat(problem.place().line()).isEqualTo(2);

        assertThat(ask("-- first\nSELECT 1 -- last").rows()).containsExactly(List.of(1L));
        assertThat(ask("SELECT 1;\n ; ").rows()).containsExactly(List.of(1L));
        assertThat(refusal(sql, "SELECT 1; -- rest")).hasMessageContaining("nothing after its semicolon");
        assertThat(refusal(sql, "SELECT 'x'::INTEGER").kind()).isEqualTo(Kind.STATEMENT);
        assertThat(refusal(sql, "SELECT error('made up')")).hasMessageContaining("made up");
        assertThat(refusal(sql, "SELECT 1\u0000; DROP TABLE x")).hasMessageContaining("U+0000");
        assertThat(refusal(sql, "SELECT '" + "x".repeat(20_000) + "'").kind()).isEqualTo(Kind.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ENDLESS,
                "WITH RECURSIVE n AS (SELECT 1 x UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n",
                // one call that DuckDB does not interrupt
                "SELECT levenshtein(repeat('ab', 100000), repeat('ba', 100000))",
                "SELECT count(*) FROM range(1000000000000)",
            })
    void whatTakesTheTimeOfOthersIsStopped(String statement) {
        assertThat(refusal(hasty, statement)).hasMessageMatching(".*(longer than it may|more memory than it may).*");
        assertThat(hasty.answer(SqlQuestion.of("SELECT 1")).rows()).containsExactly(List.of(1L));
    }

    @Test
    void aRequestMayWaitForLessThanTheSettings() {
        assertThat(catchThrowableOfType(
                                SqlProblem.class,
                                () -> sql.answer(new SqlQuestion(
                                        ENDLESS, List.of(), null, Duration.ofMillis(1_500), Map.of(), null)))
                        .kind())
                .isEqualTo(Kind.TIME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // what DuckDB counts
                "SELECT list(i) FROM range(200000000) t(i)",
                "SELECT string_agg(i::VARCHAR || repeat('a', 1000), '') FROM range(10000000) t(i)",
                "WITH RECURSIVE a AS (SELECT 'x' s, 1 n UNION ALL SELECT s || s, n + 1 FROM a WHERE n < 40) SELECT max(length(s)) FROM a",
                // what it does not
                "SELECT sum(length(repeat(chr(65 + (i % 20)::INT), 2000000))) FROM range(2048) t(i)",
                "SELECT sum(length(range((10000000 + i)::BIGINT))) FROM range(40) t(i)",
                "SELECT max(length(range(100000000::BIGINT))) FROM range(3)",
                "SELECT length(repeat('x', 4000000000))",
                "SELECT lpad('x', 2000000000, 'y')",
                "SELECT list_resize([1], 2000000000)",
                "SELECT format('{:1000000000d}', 1)",
                "SELECT x.a || x.a || x.a || x.a FROM (SELECT repeat('x', 200000000 + i) a FROM range(10) t(i)) x",
                // what does not fit through the door
                "SELECT repeat('x', 200000000)",
            })
    void whatTakesTheMemoryOfOthersIsStopped(String statement) {
        assertThat(refusal(sql, statement))
                .describedAs(statement)
                .isNotNull()
                .extracting(SqlProblem::kind)
                .isIn(Kind.MEMORY, Kind.SPILL);
        assertThat(ask("SELECT 1").rows()).containsExactly(List.of(1L));
    }

    @Test
    void whatFillsTheDiskIsStopped() {
        SqlSettings tight = new SqlSettings(null, List.of("gold"), Duration.ofSeconds(60), 10, "64MB", "8MB", 1_000, 1);
        try (ForeignSql small = new ForeignSql(lake.reader(), lake.contracts(), tight, folder.resolve("small"))) {
            SqlProblem problem = refusal(small, """
                    SELECT max(r), min(s) FROM (
                        SELECT s, row_number() OVER (ORDER BY s) r
                        FROM (SELECT sha256(i::VARCHAR) || sha256(i::VARCHAR || 'x') AS s FROM range(2000000) t(i)))""");
            assertThat(problem.kind()).isEqualTo(Kind.SPILL);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 6_000})
    void whatIsNestedDeeplyHarmsNobody(int depth) {
        List<String> statements = List.of(
                "SELECT " + "(".repeat(depth) + "1" + ")".repeat(depth),
                "SELECT " + "-".repeat(1) + " -".repeat(depth) + "1",
                "SELECT " + "NOT ".repeat(Math.min(depth, 4_000)) + "true",
                "SELECT 1" + "+1".repeat(depth),
                "SELECT " + "[".repeat(depth) + "1" + "]".repeat(depth),
                "SELECT 1" + "::INT".repeat(Math.min(depth, 3_000)),
                "SELECT * FROM " + "(FROM ".repeat(Math.min(depth, 2_000)) + "gold.orders"
                        + ")".repeat(Math.min(depth, 2_000)),
                "SELECT 1" + " UNION SELECT 1".repeat(Math.min(depth, 1_200)),
                "SELECT count(*) FROM range(1)" + ", range(1)".repeat(Math.min(depth, 1_500)),
                "SELECT CASE " + "WHEN 1=2 THEN 1 ".repeat(Math.min(depth, 1_000)) + "END",
                "SELECT " + "abs(".repeat(Math.min(depth, 3_000)) + "1" + ")".repeat(Math.min(depth, 3_000)));
        for (String statement : statements) {
            try {
                hasty.answer(SqlQuestion.of(statement));
            } catch (SqlProblem e) {
                assertThat(e.kind()).isNotEqualTo(Kind.AWAY);
            }
            assertThat(hasty.answer(SqlQuestion.of("SELECT 1")).rows()).containsExactly(List.of(1L));
        }
    }

    @Test
    void othersAreAnsweredWhileAHostileStatementIsStopped() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<SqlProblem> hostile = CompletableFuture.supplyAsync(() -> {
            running.countDown();
            return refusal(hasty, ENDLESS);
        });
        running.await();
        int others = 0;
        do {
            assertThat(hasty.answer(SqlQuestion.of("SELECT count(*) FROM gold.orders"))
                            .rows())
                    .containsExactly(List.of(3L));
            try (Pin pin = lake.reader().pin(Set.of(SqlLake.ORDERS));
                    Statement statement = pin.connection().createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM gold.orders")) {
                rows.next();
                assertThat(rows.getLong(1)).isEqualTo(3);
            }
            others++;
        } while (!hostile.isDone());

        assertThat(hostile.get().kind()).isEqualTo(Kind.TIME);
        assertThat(others).isPositive();
    }

    @Test
    void whenAllPlacesAreTakenAStatementIsSentAwayAfterAWhile() throws Exception {
        SqlSettings one = new SqlSettings(null, List.of("gold"), Duration.ofSeconds(6), 10, "256MB", "64MB", 1_000, 1);
        try (ForeignSql single = new ForeignSql(lake.reader(), lake.contracts(), one, folder.resolve("single"))) {
            assertThat(single.answer(SqlQuestion.of("SELECT 1")).rows()).hasSize(1);
            CompletableFuture<SqlProblem> hostile = CompletableFuture.supplyAsync(() -> refusal(single, ENDLESS));
            List<SqlProblem> refused = new ArrayList<>();
            while (refused.isEmpty() && !hostile.isDone()) {
                try {
                    single.answer(SqlQuestion.of("SELECT 1"));
                } catch (SqlProblem e) {
                    refused.add(e);
                }
            }
            assertThat(refused).extracting(SqlProblem::kind).containsExactly(Kind.BUSY);
            assertThat(hostile.get().kind()).isEqualTo(Kind.TIME);
        }
    }

    @Test
    void theProcessKnowsNothingOfThisOne() throws Exception {
        ask("SELECT 1");
        ProcessHandle cell = ProcessHandle.current()
                .children()
                .filter(child -> String.join(" ", child.info().arguments().orElse(new String[0]))
                        .contains(folder.resolve("sql").toString()))
                .findFirst()
                .orElseThrow();
        Path proc = Path.of("/proc", Long.toString(cell.pid()));
        assertThat(Files.readString(proc.resolve("environ")).split("\0"))
                .allMatch(variable -> variable.matches("(PATH|LC_ALL|MALLOC_ARENA_MAX|PWD|OLDPWD|SHLVL|_)=.*"));
        assertThat(Files.readString(proc.resolve("limits"))).containsPattern("Max address space +[0-9]+");
        assertThat(Files.readString(proc.resolve("oom_score_adj")).strip()).isEqualTo("1000");
    }
}
