package dev.wadi.kpi;

import dev.wadi.engine.Profile;
import dev.wadi.table.TableSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an answer comes about. It was made for this: the numbers are those of a run of its queries, also when the answer was kept.
 *
 * @param kept whether the answer, as JSON, was there already and no query would have been run for it
 * @param statements the answer's, and that of its totals when they were asked for
 * @param tables that were read
 */
public record Explanation(Answer answer, boolean kept, List<Statement> statements, List<Table> tables, Time time) {
    public Explanation {
        statements = List.copyOf(statements);
        tables = List.copyOf(tables);
    }

    /** SQL as DuckDB ran it; nothing of the request is in it, but in the values that are bound. */
    public record Statement(String sql, List<Object> parameters, Profile profile) {}

    /**
     * A table in the version that was read.
     *
     * @param snapshot null where it is no table of a lake
     * @param scans how often it was read, and what came of it; empty when its statistics told that nothing of it was wanted
     */
    public record Table(
            dev.wadi.contract.TableName name,
            long version,
            @Nullable TableSnapshot snapshot,
            List<Profile.Scan> scans) {}

    /** Milliseconds: to pin the versions and define the views on them; to run the queries; to write the answer. */
    public record Time(double open, double query, double write) {}
}
