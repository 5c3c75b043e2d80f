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

/**
 * What each row of a table must meet, as SQL over the columns of a batch: key, order and required columns are there, and the
 * contract's rules hold. A delete needs key and order only.
 */
final class Checks {
    private final Contract contract;
    private final List<Check> checks = new ArrayList<>();

    Checks(Contract contract) {
        this.contract = contract;
        never("a key column is null: ", contract.primaryKey(), Refused.Reason.NULL_KEY, "");
        never("a sequence column is null: ", contract.sequenceBy(), Refused.Reason.NULL_SEQUENCE, "");
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
        return "NOT %s AND (%s) IS FALSE".formatted(gone(), rule.condition());
    }

    /** Whether a row is a delete, as SQL; {@code false} where the table has none. */
    String gone() {
        String deleteWhen = contract.merging().deleteWhen();
        return deleteWhen == null ? "false" : "coalesce((" + deleteWhen + "), false)";
    }

    /** The number of the check that turns a row away, from 1; 0 when none does. */
    String code() {
        if (checks.isEmpty()) {
            return "0::SMALLINT";
        }
        StringBuilder cases = new StringBuilder("CASE");
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
