package dev.wadi.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wadi.contract.TableName;
import dev.wadi.sql.SqlProblem.Place;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementCheckTest {
    private static final TableName ORDERS = TableName.parse("gold.orders");
    private static final TableName DAYS = TableName.parse("gold.days");

    private static Connection duckDb;

    @BeforeAll
    static void open() throws SQLException {
        duckDb = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterAll
    static void close() throws SQLException {
        duckDb.close();
    }

    private static StatementCheck.Checked check(String sql) {
        try (PreparedStatement statement = duckDb.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            statement.setString(1, sql);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return StatementCheck.check(sql, result.getString(1), List.of(ORDERS, DAYS));
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static SqlProblem refusal(String sql) {
        return catchThrowableOfType(SqlProblem.class, () -> check(sql));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM gold.orders",
                "select * from GOLD.Orders",
                "SELECT * FROM \"gold\".\"orders\" AS o WHERE o.id = 1",
                "FROM gold.orders SELECT sum(amount) GROUP BY ALL ORDER BY ALL LIMIT 3 OFFSET 1",
                "TABLE gold.orders",
                "DESCRIBE gold.orders",
                "SUMMARIZE gold.orders",
                "SELECT * EXCLUDE (id) REPLACE (note || '' AS note), COLUMNS('a.*') FROM gold.orders",
                "WITH a AS (SELECT 1 x), b AS (SELECT x FROM a) SELECT * FROM b, gold.orders",
                "WITH gold AS (SELECT 1) SELECT * FROM gold, gold.orders",
                "WITH RECURSIVE n AS (SELECT 1 x UNION ALL SELECT x + 1 FROM n WHERE x < 9) SELECT * FROM n, gold.orders",
                "SELECT (SELECT max(id) FROM gold.orders), EXISTS (FROM gold.orders), id = ANY (SELECT id FROM gold.orders) FROM gold.orders",
                "SELECT count(*) FILTER (amount > 1), row_number() OVER w, sum(amount) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM gold.orders GROUP BY ALL WINDOW w AS (ORDER BY id)",
                "SELECT list_transform([1, 2], lambda x: x + 1), [x FOR x IN [1]], {'a': 1}.a, MAP {1: 2}, [1, 2][1:2], 'a'.upper() FROM gold.orders",
                "SELECT CASE WHEN id BETWEEN 1 AND 2 THEN 1 END, id::VARCHAR, TRY_CAST(note AS DATE), note COLLATE NOCASE, INTERVAL 3 DAY, DATE '2026-01-01', seen AT TIME ZONE 'UTC' FROM gold.orders",
                "SELECT * FROM gold.orders PIVOT (sum(amount) FOR note IN ('a', 'b'))",
                "SELECT * FROM gold.orders UNPIVOT (v FOR n IN (id, amount))",
                "SELECT * FROM gold.orders TABLESAMPLE 10%",
                "SELECT grouping(id) FROM gold.orders GROUP BY ROLLUP (id)",
                "SELECT DISTINCT ON (id) id FROM gold.orders QUALIFY row_number() OVER () = 1",
                "(SELECT id FROM gold.orders) UNION ALL BY NAME (SELECT id FROM gold.orders) EXCEPT SELECT 1 INTERSECT SELECT 2",
                "SELECT * FROM gold.orders, unnest([1, 2]) u(x), range(3) r(y), generate_series(1, 2), LATERAL (SELECT id) l",
                "SELECT * FROM gold.orders o ASOF JOIN gold.orders p ON o.id >= p.id POSITIONAL JOIN gold.orders",
                "SELECT 1 /* a comment; DROP TABLE x */ FROM gold.orders -- and another",
                "SELECT 1 FROM gold.orders;",
                "SELECT ';', '--', '/*', $$ DROP $$ FROM gold.orders",
            })
    void whatAnalystsWriteIsAllowed(String sql) {
        assertThat(check(sql).tables()).containsExactly(ORDERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "SELECT 1; SELECT 2",
                "SELECT 1; DROP SCHEMA gold",
                "COPY gold.orders TO '/tmp/x.csv'",
                "COPY (SELECT 1) TO '/tmp/x.csv'",
                "ATTACH '/tmp/x.db'",
                "DETACH memory",
                "USE memory",
                "INSTALL httpfs",
                "LOAD httpfs",
                "FORCE INSTALL httpfs FROM 'http://127.0.0.1'",
                "PRAGMA version",
                "PRAGMA table_info('x')",
                "CALL pragma_version()",
                "SET threads = 8",
                "RESET memory_limit",
                "SET VARIABLE a = 1",
                "CHECKPOINT",
                "VACUUM",
                "EXPORT DATABASE '/tmp/x'",
                "IMPORT DATABASE '/tmp/x'",
                "CREATE TABLE x (a INT)",
                "CREATE TEMP MACRO f(a) AS a",
                "CREATE SECRET s (TYPE s3)",
                "INSERT INTO gold.orders VALUES (1)",
                "UPDATE gold.orders SET id = 1",
                "DELETE FROM gold.orders",
                "TRUNCATE gold.orders",
                "DROP VIEW gold.orders",
                "ALTER VIEW gold.orders RENAME TO x",
                "BEGIN",
                "PREPARE p AS SELECT 1",
                "EXECUTE p",
                "EXPLAIN SELECT 1",
                "EXPLAIN ANALYZE SELECT 1",
                "SHOW TABLES",
                "SHOW ALL TABLES",
                "SHOW DATABASES",
                "FROM (SHOW TABLES)",
                "FROM (DESCRIBE)",
                "PIVOT gold.orders ON note USING sum(amount)",
                "WITH x AS (DELETE FROM gold.orders RETURNING *) FROM x",
                "WITH x AS (INSERT INTO gold.orders VALUES (1) RETURNING *) FROM x",
                "WITH x AS (UPDATE gold.orders SET id = 1 RETURNING *) FROM x",
                "SELECT * FROM (DELETE FROM gold.orders RETURNING *)",
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM read_blob('/etc/passwd')",
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM read_json('/etc/passwd')",
                "SELECT * FROM read_parquet('/tmp/*.parquet')",
                "SELECT * FROM parquet_scan(['/tmp/a.parquet'])",
                "SELECT * FROM parquet_metadata('/tmp/a.parquet')",
                "SELECT * FROM sniff_csv('/etc/passwd')",
                "SELECT * FROM glob('/**')",
                "SELECT * FROM '/etc/passwd'",
                "SELECT * FROM 'a.parquet'",
                "SELECT * FROM \"a.parquet\"",
                "SELECT * FROM 'http://127.0.0.1/a.parquet'",
                "SELECT * FROM gold.\"../x.parquet\"",
                "SELECT getenv('HOME')",
                "SELECT current_setting('memory_limit')",
                "SELECT main.current_setting('memory_limit')",
                "SELECT system.main.current_setting('memory_limit')",
                "SELECT 'memory_limit'.current_setting()",
                "SELECT \"current_setting\"('memory_limit')",
                "SELECT CURRENT_SETTING('memory_limit')",
                "SELECT current_query()",
                "SELECT nextval('x')",
                "SELECT getvariable('x')",
                "SELECT sleep_ms(1000)",
                "SELECT pg_sleep(1)",
                "SELECT write_log('x')",
                "SELECT list_aggregate([1], 'sum')",
                "SELECT finalize(combine('x'::BLOB, 'y'))",
                "SELECT * FROM duckdb_settings()",
                "SELECT * FROM duckdb_secrets()",
                "SELECT * FROM duckdb_functions()",
                "SELECT * FROM duckdb_tables",
                "SELECT * FROM duckdb_views",
                "SELECT * FROM pragma_table_info('x')",
                "SELECT * FROM information_schema.tables",
                "SELECT * FROM pg_catalog.pg_class",
                "SELECT * FROM sqlite_master",
                "SELECT * FROM query('SELECT 1')",
                "SELECT * FROM query_table('gold.orders')",
                "SELECT * FROM query_table(['gold.orders'])",
                "SELECT json_serialize_sql('SELECT 1')",
                "SELECT * FROM json_execute_serialized_sql('{}')",
                "SELECT * FROM repeat(1, 10)",
                "SELECT * FROM test_all_types()",
                "SELECT * FROM seq_scan('x')",
                "SELECT * FROM arrow_scan(1, 2, 3)",
                "SELECT * FROM memory.gold.orders",
                "SELECT * FROM work_1.main.batch",
                "SELECT * FROM system.information_schema.tables",
                "SELECT * FROM silver.secret",
                "SELECT * FROM orders",
                "SELECT * FROM main.deleted_0",
                "SELECT * FROM gold.orders AT (VERSION => 1)",
                "SELECT * FROM gold.örders",
                "SELECT * FROM \"gold.orders\"",
                "SELECT * FROM \"GOLD\u212A\".orders",
                "SELECT $name",
                "SELECT DEFAULT FROM gold.orders",
                "SELECT 1::a.b.c",
                "WITH x AS (FROM duckdb_settings), duckdb_settings AS (SELECT 1) FROM x",
                "SELECT * FROM (WITH duckdb_settings AS (SELECT 1) FROM duckdb_settings), duckdb_settings",
                "WITH RECURSIVE duckdb_settings AS (SELECT name FROM duckdb_settings UNION ALL SELECT name FROM duckdb_settings) FROM duckdb_settings",
                "SELECT (SELECT content FROM read_text('/etc/passwd'))",
                "SELECT 1 FROM gold.orders ORDER BY (SELECT content FROM read_text('/etc/passwd'))",
                "SELECT 1 FROM gold.orders LIMIT (SELECT count(*) FROM glob('/**'))",
                "SELECT sum(id) FILTER (id IN (SELECT 1 FROM duckdb_settings())) FROM gold.orders",
                "SELECT sum(id) OVER (PARTITION BY current_setting('x')) FROM gold.orders",
                "SELECT list_transform([1], lambda x: current_setting('threads')) FROM gold.orders",
                "SELECT * REPLACE (current_setting('threads') AS id) FROM gold.orders",
                "SELECT * FROM unnest([(SELECT content FROM read_text('/etc/passwd'))])",
                "SELECT * FROM range((SELECT count(*) FROM glob('/**')))",
                "VALUES ((SELECT content FROM read_text('/etc/passwd')))",
                "SELECT * FROM gold.orders JOIN read_csv('/etc/passwd') ON true",
                "SELECT * FROM gold.orders PIVOT (sum(amount) FOR note IN some_enum)",
                "SELECT * FROM gold.orders GROUP BY current_setting('x') HAVING current_setting('x') > ''",
                "SELECT * FROM gold.orders QUALIFY current_setting('x') = ''",
                "DESCRIBE SELECT * FROM read_csv('/etc/passwd')",
                "SUMMARIZE 'a.parquet'",
                "SELECT/**/*/**/FROM/**/read_text/**/('/etc/passwd')",
                "SELECT * FROM\u00A0read_text('/etc/passwd')",
                "SELECT * FROM ＲEAD_TEXT('/etc/passwd')",
            })
    void whatIsNotOneReadingStatementOverKnownTablesIsRefused(String sql) {
        assertThatExceptionOfType(SqlProblem.class)
                .isThrownBy(() -> check(sql))
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(SqlProblem.Kind.STATEMENT));
    }

    @Test
    void aRefusalSaysWhereAndWhatIsAllowed() {
        SqlProblem table = refusal("SELECT 'äö',\n  x FROM gold.ordrs");
        assertThat(table).hasMessage("There is no table gold.ordrs that may be read. Is it gold.orders?");
        assertThat(table.place()).isEqualTo(new Place(2, 10));
        assertThat(table.allowed()).containsExactly("gold.days", "gold.orders");

        SqlProblem function = refusal("SELECT 'äö', uppr('x')");
        assertThat(function).hasMessage("The function uppr is not among those that may be called. Is it upper?");
        assertThat(function.place()).isEqualTo(new Place(1, 14));

        assertThat(refusal("SELECT * FROM read_csv('x')").allowed()).contains("unnest");
        assertThat(refusal("SELECT 1 FROM gold.orders WHERE").place().line()).isEqualTo(1);
        assertThat(refusal("selec 1").place()).isEqualTo(new Place(1, 1));
    }

    @Test
    void parametersAreCountedByTheirNumbers() {
        assertThat(check("SELECT ?, ?").parameters()).isEqualTo(2);
        assertThat(check("SELECT $2, $1, $2").parameters()).isEqualTo(2);
        assertThat(check("SELECT 1").parameters()).isZero();
    }
}
