package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.proof.LakeReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type goes in, is changed, moves when files are compacted, and is read alike by Wadi and by Kernel. */
class TypesTest {
    private static final TableName TABLE = new TableName("silver", "values");
    private static final ColumnType ADDRESS = new ColumnType.Struct(List.of(
            new ColumnType.Struct.Field("street", ColumnType.Simple.STRING, ""),
            new ColumnType.Struct.Field("floors", new ColumnType.Array(ColumnType.Simple.INTEGER), ""),
            new ColumnType.Struct.Field(
                    "owner",
                    new ColumnType.Struct(List.of(
                            new ColumnType.Struct.Field("since", ColumnType.Simple.DATE, ""),
                            new ColumnType.Struct.Field("share", new ColumnType.Decimal(38, 10), ""))),
                    "")));

    /** SQL values of a type, extremes first. */
    private record Values(String name, ColumnType type, List<String> sql) {
        Values(String name, ColumnType type, String... sql) {
            this(name, type, List.of(sql));
        }
    }

    private static final List<Values> ALL = List.of(
            new Values(
                    "text",
                    ColumnType.Simple.STRING,
                    "''",
                    "' '",
                    "'it''s \"quoted\"'",
                    "'naïve 日本 🚀'",
                    "chr(1) || chr(10)"),
            new Values("truth", ColumnType.Simple.BOOLEAN, "true", "false"),
            new Values("small", ColumnType.Simple.SMALLINT, "-32768", "32767", "0"),
            new Values("whole", ColumnType.Simple.INTEGER, "-2147483648", "2147483647", "0"),
            new Values("big", ColumnType.Simple.LONG, "-9223372036854775808", "9223372036854775807", "0"),
            new Values(
                    "rough", ColumnType.Simple.FLOAT, "'NaN'", "'-Infinity'", "-0.0", "0.0", "3.4028235e38", "1e-45"),
            new Values(
                    "real",
                    ColumnType.Simple.DOUBLE,
                    "'NaN'",
                    "'Infinity'",
                    "-0.0",
                    "0.0",
                    "5e-324",
                    "-1.7976931348623157e308"),
            new Values(
                    "day",
                    ColumnType.Simple.DATE,
                    "'0001-01-01'",
                    "'9999-12-31'",
                    "'1969-12-31'",
                    "'1582-10-10'",
                    "'1970-01-01'"),
            new Values(
                    "moment",
                    ColumnType.Simple.TIMESTAMP,
                    "'1969-12-31 23:59:59.999999Z'",
                    "'0001-01-01 00:00:00Z'",
                    "'9999-12-31 23:59:59.999999Z'",
                    "'2026-03-29 01:30:00.000001+01:00'"),
            new Values("bytes", ColumnType.Simple.BINARY, "''", "'\\x00\\xFF\\x27'", "encode('ü')"),
            new Values("document", ColumnType.Simple.JSON, "'{\"a\": [1, null, \"ü\"]}'", "'[]'"),
            new Values(
                    "exact",
                    new ColumnType.Decimal(38, 0),
                    "'99999999999999999999999999999999999999'",
                    "'-99999999999999999999999999999999999999'"),
            new Values("fine", new ColumnType.Decimal(38, 38), "'0.99999999999999999999999999999999999999'", "0"),
            new Values("money", new ColumnType.Decimal(18, 2), "-0.01", "9999999999999999.99"),
            new Values(
                    "address",
                    ADDRESS,
                    "{'street': 'Ring 1', 'floors': [1, NULL, 3], 'owner': {'since': DATE '1900-01-01', 'share': 0.5}}",
                    "{'street': NULL, 'floors': [], 'owner': {'since': NULL, 'share': NULL}}",
                    "{'street': '', 'floors': NULL, 'owner': NULL}"),
            new Values("words", new ColumnType.Array(ColumnType.Simple.STRING), "[]", "['a', NULL, '']", "[NULL]"),
            new Values(
                    "addresses",
                    new ColumnType.Array(ADDRESS),
                    "[NULL, {'street': 'x', 'floors': [2], 'owner': NULL}]",
                    "[]"),
            new Values(
                    "grid",
                    new ColumnType.Array(new ColumnType.Array(ColumnType.Simple.DOUBLE)),
                    "[[1.5, NULL], [], NULL]",
                    "[['NaN'::DOUBLE, -0.0]]"));

    @TempDir
    Path folder;

    private static Contract contract(List<Values> values, boolean deletionVectors) {
        List<Column> columns = new ArrayList<>();
        columns.add(MergeFixture.column("id", ColumnType.Simple.LONG, true, false));
        columns.add(MergeFixture.column("seq", ColumnType.Simple.LONG, true, false));
        values.forEach(each -> columns.add(MergeFixture.column(each.name(), each.type(), false, false)));
        return new Contract(
                TABLE,
                "values",
                columns,
                List.of("id"),
                Merging.newest(List.of("seq")),
                List.of(),
                List.of(),
                null,
                deletionVectors,
                Path.of("values.odcs.yaml"));
    }

    /** Row {@code id} holds of each type the value of that number plus {@code turn}, null when there is none; the last row nulls. */
    private static String rows(List<Values> all, int rows, int turn) {
        return IntStream.range(0, rows)
                .mapToObj(id -> "SELECT %d AS id, %d AS seq, ".formatted(id, turn)
                        + all.stream()
                                .map(values -> {
                                    int at = (id + turn) % (rows + 1);
                                    String sql = at < values.sql().size()
                                            ? values.sql().get(at)
                                            : "NULL";
                                    return "(%s)::%s AS %s"
                                            .formatted(sql, values.type().sql(), values.name());
                                })
                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("\nUNION ALL "));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyValueIsReadAsItCame(boolean deletionVectors) throws Exception {
        Contract contract = contract(ALL, deletionVectors);
        try (MergeFixture fixture = new MergeFixture(folder, contract)) {
            fixture.merge(contract, rows(ALL, 7, 0));
            check(fixture, rows(ALL, 7, 0));

            fixture.merge(contract, rows(ALL, 5, 1));
            String now = rows(ALL, 5, 1) + "\nUNION ALL SELECT * FROM (" + rows(ALL, 7, 0) + ") WHERE id >= 5";
            check(fixture, now);

            assertThat(fixture.merge(contract, now)).isInstanceOf(MergeOutcome.Unchanged.class);

            for (int id = 100; id < 120; id++) {
                String row =
                        "SELECT %d AS id, 1 AS seq, * EXCLUDE (id, seq) FROM (%s)".formatted(id, rows(ALL, 1, id % 7));
                fixture.merge(contract, row);
                now += "\nUNION ALL " + row;
            }
            assertThat(new Compactions(fixture.merger).compact(TABLE)).isTrue();
            check(fixture, now);
        }
    }

    @Test
    void fiveHundredColumnsAndAMegabyteOfText() throws Exception {
        List<Values> wide = IntStream.range(0, 500)
                .mapToObj(i ->
                        new Values("c" + i, ColumnType.Simple.STRING, "repeat('é', %d)".formatted(i), "'" + i + "'"))
                .collect(Collectors.toCollection(ArrayList::new));
        wide.set(7, new Values("long", ColumnType.Simple.STRING, "repeat('🚀', 262144)", "repeat('x', 1048576)"));
        Contract contract = contract(wide, true);
        try (MergeFixture fixture = new MergeFixture(folder, contract)) {
            fixture.merge(contract, rows(wide, 3, 0));
            fixture.merge(contract, rows(wide, 1, 1));
            check(fixture, rows(wide, 1, 1) + "\nUNION ALL SELECT * FROM (" + rows(wide, 3, 0) + ") WHERE id >= 1");
        }
    }

    @Test
    void sixteenLevelsDeep() throws Exception {
        ColumnType type = ColumnType.Simple.INTEGER;
        String value = "7";
        for (int depth = 0; depth < 8; depth++) {
            type = new ColumnType.Array(
                    new ColumnType.Struct(List.of(new ColumnType.Struct.Field("f" + depth, type, ""))));
            value = "[{'f%d': %s}, NULL]".formatted(depth, value);
        }
        List<Values> deep = List.of(new Values("deep", type, value, "[]"));
        Contract contract = contract(deep, true);
        try (MergeFixture fixture = new MergeFixture(folder, contract)) {
            fixture.merge(contract, rows(deep, 3, 0));
            check(fixture, rows(deep, 3, 0));
        }
    }

    private void check(MergeFixture fixture, String expected) throws SQLException, IOException {
        String order = "SELECT * FROM (%s) ORDER BY id";
        try (Pin pin = fixture.reader.pin(Set.of(TABLE))) {
            List<Map<String, @Nullable Object>> wanted = values(pin.connection(), order.formatted(expected));
            assertThat(values(pin.connection(), order.formatted("SELECT * FROM " + TABLE)))
                    .isEqualTo(wanted);
            List<Map<String, @Nullable Object>> kernel =
                    new ArrayList<>(new LakeReader(folder.resolve("lake")).rows(TABLE.toString()));
            kernel.sort(Comparator.comparing(row -> (Long) row.get("id")));
            assertThat(kernel).isEqualTo(wanted);
        }
    }

    private static List<Map<String, @Nullable Object>> values(Connection connection, String sql) throws SQLException {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.put(result.getMetaData().getColumnName(i), plain(result.getObject(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** As {@link LakeReader} gives it. */
    private static @Nullable Object plain(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case BigDecimal number -> number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
            case Short number -> (long) number;
            case Integer number -> (long) number;
            case Float number -> (double) number;
            case OffsetDateTime time -> time.toInstant();
            case java.sql.Blob blob -> HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
            case java.sql.Date date -> LocalDate.parse(date.toString());
            case DuckDBStruct struct -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                for (Map.Entry<String, Object> field : struct.getMap().entrySet()) {
                    fields.put(field.getKey(), plain(field.getValue()));
                }
                yield fields;
            }
            case java.sql.Array array -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (Object item : Arrays.asList((Object[]) array.getArray())) {
                    items.add(plain(item));
                }
                yield items;
            }
            default -> value;
        };
    }
}
