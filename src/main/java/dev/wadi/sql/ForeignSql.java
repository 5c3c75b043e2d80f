package dev.wadi.sql;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Loan;
import dev.wadi.sql.SqlProblem.Kind;
import dev.wadi.table.TableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Answers statements of others: checked first, then run in a process of their own, over tables that stand still.
 *
 * <p>What protects the rest of Wadi, from the outside in: the check of the parse tree; a DuckDB for this statement alone that may
 * open nothing but the files it reads; a process whose memory the system limits, and which is ended with what does not end.
 */
public final class ForeignSql implements AutoCloseable {
    /** About as many bytes of values are answered at most. */
    public static final long MOST_BYTES = 16_000_000;

    /** Lines that stand before the statement in what is run. */
    static final int LINES_BEFORE = 1;

    private final LakeReader lake;
    private final Contracts contracts;
    private final SqlSettings settings;
    private final Cells cells;

    /** @param folder of this process alone, for what statements do not keep in memory */
    public ForeignSql(LakeReader lake, Contracts contracts, SqlSettings settings, Path folder) {
        this.lake = lake;
        this.contracts = contracts;
        this.settings = settings;
        this.cells = new Cells(folder, settings);
    }

    public SqlSettings settings() {
        return settings;
    }

    /** The tables that may be read. */
    public List<TableName> tables() {
        return contracts.all().stream()
                .map(Contract::table)
                .filter(table -> settings.layers().contains(table.layer()))
                .sorted()
                .toList();
    }

    /**
     * Answers a statement.
     *
     * @throws SqlProblem when the statement is not answered
     * @throws TableException when a table cannot be read
     */
    public SqlAnswer answer(SqlQuestion question) {
        refuseLong(question.sql());
        List<TableName> known = tables();
        refuseUnknown(question.versions().keySet(), known);
        Duration time = question.timeout() == null || question.timeout().compareTo(settings.timeout()) > 0
                ? settings.timeout()
                : question.timeout();
        int limit = question.limit() == null ? settings.rows() : Math.min(question.limit(), settings.rows());
        return cells.with(cell -> {
            long began = System.nanoTime();
            String limited = limited(question.sql(), limit);
            StatementCheck.Checked checked = check(cell, question.sql(), limited, time, known);
            refuseOtherwise(checked.parameters(), question.parameters().size());
            try (Loan loan = lend(checked.tables(), question)) {
                Duration left = time.minusNanos(System.nanoTime() - began);
                if (!left.isPositive()) {
                    throw CellWords.of(Kind.TIME);
                }
                Cell.Rows rows = run(cell, limited, question, limit, left, loan);
                return new SqlAnswer(rows.columns(), rows.rows(), rows.more(), limit, loan.versions());
            }
        });
    }

    private static Cell.Rows run(Cell cell, String limited, SqlQuestion question, int limit, Duration left, Loan loan) {
        List<Task.View> views = new ArrayList<>();
        for (Loan.Table table : loan.tables()) {
            views.add(new Task.View(
                    table.name().layer(),
                    table.name().name(),
                    table.select(),
                    table.side(),
                    table.deleted(),
                    table.files()));
        }
        try {
            return cell.run(
                    new Task(limited, question.parameters(), views, limit, MOST_BYTES, Math.max(1, left.toMillis())));
        } catch (SqlProblem e) {
            Optional<TableException> known =
                    e.kind() == Kind.AWAY ? loan.explain(String.valueOf(e.getMessage())) : Optional.empty();
            if (known.isPresent()) {
                throw known.get();
            }
            throw e.kind() == Kind.AWAY ? CellWords.of(Kind.AWAY) : e;
        }
    }

    private Loan lend(Set<TableName> tables, SqlQuestion question) {
        Instant asOf = question.asOf();
        Map<TableName, Long> versions =
                new TreeMap<>(asOf == null ? lake.versions(tables) : lake.versions(tables, asOf));
        question.versions().forEach((table, version) -> versions.computeIfPresent(table, (name, newest) -> version));
        return lake.lend(versions);
    }

    private void refuseLong(String sql) {
        if (sql.length() > settings.length()) {
            throw new SqlProblem(
                    Kind.LENGTH,
                    "The statement has %d characters, and %d are allowed (WADI_SQL_LENGTH). Write a shorter one; send values as parameters."
                            .formatted(sql.length(), settings.length()));
        }
        // a reader of C stops at NUL, one of Java does not: they must not read different statements
        sql.codePoints().filter(ForeignSql::isControl).findFirst().ifPresent(control -> {
            throw new SqlProblem(
                    Kind.STATEMENT, "The statement has the control character U+%04X. Leave it out.".formatted(control));
        });
    }

    private static boolean isControl(int character) {
        return character < ' ' && "\n\t\r".indexOf(character) < 0
                || Character.getType(character) == Character.SURROGATE;
    }

    /** One row more than wanted, so that it is known whether there are more. DuckDB then sorts no more than that, either. */
    private static String limited(String sql, int limit) {
        int end = sql.length();
        while (end > 0 && (sql.charAt(end - 1) == ';' || Character.isWhitespace(sql.charAt(end - 1)))) {
            end--;
        }
        return "SELECT * FROM (\n%s\n) LIMIT %d".formatted(sql.substring(0, end), limit + 1L);
    }

    /** What is run is checked as it is run; what was sent is checked first, because that is what the sender knows. */
    private static StatementCheck.Checked check(
            Cell cell, String sql, String limited, Duration time, List<TableName> known) {
        StatementCheck.Checked sent = StatementCheck.check(sql, cell.parse(sql, time), known);
        SqlProblem rest = new SqlProblem(
                Kind.STATEMENT,
                "What stands around the statement is in the way. Send one SELECT and nothing after its semicolon.");
        try {
            if (StatementCheck.check(limited, cell.parse(limited, time), known).equals(sent)) {
                return sent;
            }
        } catch (SqlProblem e) {
            if (e.kind() != Kind.STATEMENT) {
                throw e;
            }
            rest.initCause(e);
        }
        throw rest;
    }

    private static void refuseUnknown(Collection<TableName> asked, List<TableName> known) {
        for (TableName table : asked) {
            if (!known.contains(table)) {
                throw new SqlProblem(
                        Kind.STATEMENT,
                        "`versions` names %s, and there is no such table that may be read.".formatted(table),
                        SqlProblem.Place.NOWHERE,
                        known.stream().map(TableName::toString).toList());
            }
        }
    }

    private static void refuseOtherwise(int wanted, int given) {
        if (wanted != given) {
            throw new SqlProblem(
                    Kind.STATEMENT,
                    "The statement has %d parameters, and %d values came. Send a value in `parameters` for each ?, in order."
                            .formatted(wanted, given));
        }
    }

    @Override
    public void close() {
        cells.close();
    }
}
