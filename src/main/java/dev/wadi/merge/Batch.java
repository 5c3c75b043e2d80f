package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.EventShape;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of one merge, staged in a workspace as the table {@code batch}: the columns of the contract and {@link #ORDER},
 * their order of arrival from 0.
 */
final class Batch {
    static final String ORDER = "__ord";

    private final Contract contract;
    private final Workspace workspace;

    private Batch(Contract contract, Workspace workspace) {
        this.contract = contract;
        this.workspace = workspace;
    }

    /** An empty batch, to be filled by an appender in the order: number, then the contract's columns. */
    static Batch create(Contract contract, Workspace workspace) throws SQLException {
        String columns = contract.columns().stream()
                .map(column ->
                        ", " + Sql.name(column.name()) + " " + column.type().sql())
                .collect(Collectors.joining());
        workspace.execute(
                "CREATE OR REPLACE TABLE %s (%s BIGINT%s)".formatted(workspace.table("batch"), ORDER, columns));
        return new Batch(contract, workspace);
    }

    /** The result of a SELECT, each column cast to its type in the contract; it need not give the derived ones. */
    static Batch select(Contract contract, Workspace workspace, String sql) throws SQLException {
        String brought = contract.columns().stream()
                .filter(column -> column.derivedBy() == null)
                .map(column -> "%s::%s AS %s"
                        .formatted(Sql.name(column.name()), column.type().sql(), Sql.name(column.name())))
                .collect(Collectors.joining(", "));
        String columns = contract.columns().stream()
                .map(column -> column.derivedBy() == null
                        ? Sql.name(column.name())
                        : derived(column) + " AS " + Sql.name(column.name()))
                .collect(Collectors.joining(", "));
        workspace.execute(
                "CREATE OR REPLACE TABLE %s AS SELECT row_number() OVER () - 1 AS %s, %s FROM (SELECT %s FROM (\n%s\n))"
                        .formatted(workspace.table("batch"), ORDER, columns, brought, sql));
        return new Batch(contract, workspace);
    }

    /** Gives the derived columns their values, once the batch is filled. */
    void derive() throws SQLException {
        EventShape shape = contract.event();
        for (Column column : contract.columns()) {
            if (shape != null && column.fill() == Column.Fill.EXTRA) {
                workspace.execute("UPDATE %s SET %s = %s".formatted(table(), Sql.name(column.name()), extra(shape)));
            }
        }
        String values = contract.columns().stream()
                .filter(column -> column.derivedBy() != null)
                .map(column -> Sql.name(column.name()) + " = " + derived(column))
                .collect(Collectors.joining(", "));
        if (!values.isEmpty()) {
            workspace.execute("UPDATE %s SET %s".formatted(table(), values));
        }
    }

    /** The payload without the fields of the shape: a JSON merge patch with null takes a field away. */
    private String extra(EventShape shape) {
        String payload = contract.columns().stream()
                .filter(column -> column.fill() == Column.Fill.PAYLOAD)
                .findFirst()
                .map(column -> Sql.name(column.name()))
                .orElseThrow();
        String fields = shape.fields().stream()
                .map(field -> Sql.text(field.name()) + ", NULL")
                .collect(Collectors.joining(", "));
        return "nullif(json_merge_patch(%s, json_object(%s))::VARCHAR, '{}')".formatted(payload, fields);
    }

    /** Null where the expression fails: a row that cannot be read must not keep its whole batch from being merged. */
    private static String derived(Column column) {
        return "TRY((\n%s\n)::%s)".formatted(column.derivedBy(), column.type().sql());
    }

    Contract contract() {
        return contract;
    }

    Workspace workspace() {
        return workspace;
    }

    String table() {
        return workspace.table("batch");
    }

    long size() throws SQLException {
        return workspace.count("SELECT count(*) FROM " + table());
    }

    List<String> columns() {
        return contract.columns().stream().map(Column::name).toList();
    }

    /** The table's columns for a SELECT of rows to write; those that the contract does not name are null in new rows. */
    String output(String alias, TableSnapshot table) {
        List<String> known = columns();
        return table.columns().stream()
                .map(column -> (known.contains(column.name())
                                ? alias + "." + Sql.name(column.name())
                                : "NULL::" + column.sql())
                        + " AS " + Sql.name(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** {@code alias."a", alias."b"}. */
    static String list(String alias, Collection<String> columns) {
        return columns.stream().map(name -> alias + "." + Sql.name(name)).collect(Collectors.joining(", "));
    }

    /** {@code l."a" = r."a" AND ...}; key columns are never null here. */
    static String equal(String left, String right, Collection<String> columns) {
        return columns.stream()
                .map(name -> "%s.%s = %s.%s".formatted(left, Sql.name(name), right, Sql.name(name)))
                .collect(Collectors.joining(" AND "));
    }

    /** Whether two rows of one key have the same content, nulls being equal. */
    String sameContent(String left, String right) {
        String test = contract.content().stream()
                .map(column -> "%s.%s IS NOT DISTINCT FROM %s.%s"
                        .formatted(left, Sql.name(column.name()), right, Sql.name(column.name())))
                .collect(Collectors.joining(" AND "));
        return test.isEmpty() ? "true" : "(" + test + ")";
    }
}
