package dev.wadi.engine;

import dev.wadi.contract.TableName;
import dev.wadi.table.Hold;
import dev.wadi.table.TableException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tables, each of one version, told to a DuckDB that is not the one of this process: what it has to execute, and the only files
 * that it has to open. The files stay until the loan is closed.
 */
public final class Loan implements AutoCloseable {
    private final List<Table> tables;
    private final Function<String, Optional<TableException>> explain;
    private final List<Hold> holds;

    /**
     * One table.
     *
     * @param select what the view of it says
     * @param side the name of the table that {@code select} looks deleted rows up in, {@code main.something}
     * @param deleted the one value of its one column {@code deleted BIT}, as a BLOB; null when there is no such table
     * @param files absolute paths of all files that {@code select} reads
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Table(
            TableName name, long version, String select, String side, byte @Nullable [] deleted, List<String> files) {}

    Loan(List<Table> tables, Function<String, Optional<TableException>> explain, List<Hold> holds) {
        this.tables = List.copyOf(tables);
        this.explain = explain;
        this.holds = holds;
    }

    public List<Table> tables() {
        return tables;
    }

    /** The versions that are lent, in the order of the table names. */
    public SortedMap<TableName, Long> versions() {
        SortedMap<TableName, Long> versions = new TreeMap<>();
        tables.forEach(table -> versions.put(table.name(), table.version()));
        return versions;
    }

    /** What DuckDB's words mean when they are about a file of a lent table; empty when they are not. */
    public Optional<TableException> explain(String words) {
        return explain.apply(words);
    }

    @Override
    public void close() {
        holds.forEach(Hold::close);
    }
}
