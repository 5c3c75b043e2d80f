package dev.wadi.sql;

import dev.wadi.sql.SqlProblem.Kind;
import dev.wadi.sql.SqlProblem.Place;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DuckDB says in a cell, and what the end of a cell means, in words for who wrote the statement. */
final class CellWords {
    /** With which DuckDB begins when a statement was cancelled. */
    static final String INTERRUPTED = "INTERRUPT";

    private static final Pattern LINE = Pattern.compile("\\bLINE (\\d+):");
    private static final Pattern CANDIDATES = Pattern.compile("(?:Candidate bindings|Did you mean)\\s*:?\\s*(.*)");

    private CellWords() {}

    static SqlProblem problem(String said) {
        if (said.startsWith("Out of Memory Error") || said.contains("Java heap space")) {
            return of(said.contains("max_temp_directory_size") ? Kind.SPILL : Kind.MEMORY);
        }
        if (said.startsWith(INTERRUPTED)) {
            return of(Kind.TIME);
        }
        if (said.startsWith("IO Error") || said.startsWith("Permission Error")) {
            return new SqlProblem(Kind.AWAY, said);
        }
        if (said.startsWith("INTERNAL") || said.startsWith("FATAL")) {
            return of(Kind.CRASH);
        }
        String first = said.lines().findFirst().orElse("DuckDB refuses it").strip();
        Matcher candidates = CANDIDATES.matcher(said);
        String cure = candidates.find() ? ". Candidates: " + candidates.group(1).strip() : "";
        Matcher line = LINE.matcher(said);
        return new SqlProblem(
                Kind.STATEMENT,
                first + cure,
                line.find()
                        ? new Place(Math.max(1, Integer.parseInt(line.group(1)) - ForeignSql.LINES_BEFORE), 0)
                        : Place.NOWHERE,
                List.of());
    }

    static SqlProblem of(Kind kind) {
        return new SqlProblem(
                kind,
                switch (kind) {
                    case TIME ->
                        "The statement took longer than it may and was stopped. Read fewer rows or columns, or ask for less at once.";
                    case MEMORY ->
                        "The statement needs more memory than it may have and was stopped. Read fewer rows or columns, group by less, or sort less.";
                    case SPILL ->
                        "The statement needs more room on disk than it may have and was stopped. Sort, group or join fewer rows.";
                    case CRASH ->
                        "The statement broke the engine that it ran in, which nobody else uses, and was stopped. Write it in a simpler way.";
                    case STATEMENT -> "The statement cannot be run.";
                    case LENGTH -> "The statement is too long.";
                    case BUSY -> "Other statements run. Ask again in a moment.";
                    case AWAY -> "Statements cannot be run now.";
                });
    }
}
