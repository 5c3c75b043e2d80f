package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Rule;
import dev.wadi.engine.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each row of a table must meet, as SQL over the columns of a batch: key, order and required columns are there, and the
 * contract's rules hold. A delete needs key and order only.
 */
final class Checks {
    /** The code of a row that truncates. */
    static final int TRUNCATES = -1;

    private final Contract contract;
    private final List<Check> checks = new ArrayList<>();

    Checks(Contract contract) {
        this.contract = contract;
        never("a key column is null: ", contract.primaryKey(), Refused.Reason.NULL_KEY, "");
        never("a sequence column is null: ", contract.sequenceBy(), Refused.Reason.NULL_SEQUENCE, "");
        String system = contract.merging().systemSequenceBy();
        if (system != null) {
            never("the system time is null: ", List.of(system), Refused.Reason.NULL_SEQUENCE, "");
        }
        List<String> required = contract.columns().stream()
                .filter(Column::required)
                .map(Column::name)
                .toList();
        never("a required column is null: ", required, Refused.Reason.NULL_REQUIRED, "NOT " + gone() + " AND ");
        for (Rule rule : contract.rules()) {
            if (rule.severity() == Rule.Severity.ERROR) {
                checks.add(new Check(
                        broken(rule),
                        Refused.Reason.RULE,
                        "it breaks the rule '%s' of %s: %s"
                                .formatted(rule.name(), contract.table(), rule.condition())));
            }
        }
    }

    private void never(String message, List<String> columns, Refused.Reason reason, String unless) {
        for (String column : columns) {
            checks.add(new Check(unless + Sql.name(column) + " IS NULL", reason, message + column));
        }
    }

    private String broken(Rule rule) {
        return "NOT %s AND NOT %s AND (%s) IS FALSE".formatted(gone(), truncates(), rule.condition());
    }

    /** Whether a row is a delete, as SQL; {@code false} where the table has none. */
    String gone() {
        String deleteWhen = contract.merging().deleteWhen();
        return deleteWhen == null ? "false" : "coalesce((" + deleteWhen + "), false)";
    }

    /** Whether a row truncates the table, as SQL. */
    private String truncates() {
        String truncateWhen = contract.merging().truncateWhen();
        return truncateWhen == null ? "false" : "coalesce((" + truncateWhen + "), false)";
    }

    /** The number of the check that turns a row away, from 1; 0 when none does; {@link #TRUNCATES}. */
    String code() {
        StringBuilder cases = new StringBuilder("CASE WHEN " + truncates() + " THEN " + TRUNCATES);
        for (int i = 0; i < checks.size(); i++) {
            cases.append(" WHEN ")
                    .append(checks.get(i).condition())
                    .append(" THEN ")
                    .append(i + 1);
        }
        return cases.append(" ELSE 0 END::SMALLINT").toString();
    }

    /** @param code from 1, as {@link #code} gives it */
    Check check(int code) {
        return checks.get(code - 1);
    }

    /**
     * The newest sequence at which the batch truncates the table, each column as text; null when it does not.
     *
     * @throws MergeException when a truncate has no sequence: it cannot be told what is older
     */
    @Nullable
    List<String> truncates(Batch batch) throws SQLException {
        if (contract.merging().truncateWhen() == null) {
            return null;
        }
        List<String> columns = contract.sequenceBy();
        String texts = columns.stream()
                .map(name -> "b." + Sql.name(name) + "::VARCHAR")
                .collect(Collectors.joining(", "));
        String newest = "SELECT %s FROM (SELECT * FROM %s WHERE %s) b ORDER BY %s 1 LIMIT 1"
                .formatted(texts, batch.table(), truncates(), new Sequence(contract).descending("b"));
        try (Statement statement = batch.workspace().session().createStatement();
                ResultSet row = statement.executeQuery(newest)) {
            if (!row.next()) {
                return null;
            }
            List<String> sequence = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                String text = row.getString(i);
                if (text == null) {
                    throw new MergeException(
                            "%s: a row that truncates the table has no %s, so it cannot be told which rows are older. Nothing of the batch is in the table"
                                    .formatted(contract.table(), columns.get(i - 1)));
                }
                sequence.add(text);
            }
            return sequence;
        }
    }

    /**
     * Looks at the rules that do not turn single rows away.
     *
     * @throws MergeException when a row of the batch breaks a fatal rule
     */
    void warnOrStop(Batch batch, Tally tally) throws SQLException {
        List<Rule> rules = contract.rules().stream()
                .filter(rule -> rule.severity() != Rule.Severity.ERROR)
                .toList();
        if (rules.isEmpty()) {
            return;
        }
        String counts =
                rules.stream().map(rule -> "count_if(" + broken(rule) + ")").collect(Collectors.joining(", "));
        try (Statement statement = batch.workspace().session().createStatement();
                ResultSet broken = statement.executeQuery("SELECT %s FROM %s".formatted(counts, batch.table()))) {
            broken.next();
            for (int i = 0; i < rules.size(); i++) {
                long rows = broken.getLong(i + 1);
                Rule rule = rules.get(i);
                if (rule.severity() == Rule.Severity.FATAL && rows > 0) {
                    throw new FatalRuleException(
                            ("%s: %d rows of the batch break the fatal rule '%s' (%s). Nothing of the batch is in the"
                                            + " table and it stays at its source. Correct the source, or the rule in %s,"
                                            + " then start the route again")
                                    .formatted(contract.table(), rows, rule.name(), rule.condition(), contract.file()));
                }
                tally.warn(rule.name(), rows);
            }
        }
    }
}
