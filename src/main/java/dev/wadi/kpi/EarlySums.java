package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.table.TableSnapshot;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether facts are grouped by the keys of dimension tables before they are joined with these. Of a million facts the join takes
 * more than all else; of what they add up to by day and product it takes next to nothing. It pays where the groups are few
 * beside the facts.
 */
final class EarlySums {
    /** Facts a group from which on it pays. */
    static final long WORTH = 8;

    private static final long DAYS_UNLESS_SAID = 3 * 366;
    /** Different values that a column of the facts is taken to have. */
    private static final long VALUES = 10;

    private EarlySums() {}

    /** @param worth facts a group from which on it pays; 0 for wherever it is right */
    static boolean pay(Question question, Map<TableName, TableSnapshot> snapshots, long worth) {
        Set<Dimension.Join> joins = question.used().stream()
                .map(Dimension::join)
                .flatMap(Stream::ofNullable)
                .collect(Collectors.toSet());
        TableSnapshot facts = snapshots.get(question.kpi().table());
        if (question.kpi().additivity() == Additivity.NON_ADDITIVE || joins.isEmpty() || facts == null) {
            return false;
        }
        if (question.grain() == null && question.by().isEmpty()) {
            return false; // one row, also of no facts
        }
        double groups = periods(question);
        for (Dimension.Join join : joins) {
            TableSnapshot dimension = snapshots.get(join.table());
            groups *= dimension == null ? facts.rows() : dimension.rows() + 1;
        }
        for (Dimension dimension : question.used()) {
            groups *= dimension.join() == null ? VALUES : 1;
        }
        return groups * worth <= facts.rows();
    }

    private static double periods(Question question) {
        if (question.grain() == null) {
            return 1;
        }
        long days = DAYS_UNLESS_SAID;
        if (question.span() instanceof Span.Days(var from, var to) && from != null && to != null) {
            days = Math.min(days, ChronoUnit.DAYS.between(from, to) + 1);
        } else if (question.span() instanceof Span.Moments(var from, var until, var zone)
                && from != null
                && until != null) {
            days = Math.min(days, ChronoUnit.DAYS.between(from, until) + 1);
        }
        return switch (question.grain()) {
            case HOUR -> days * 24.0;
            case DAY -> days;
            case WEEK -> days / 7.0 + 1;
            case MONTH -> days / 30.0 + 1;
            case QUARTER -> days / 91.0 + 1;
            case YEAR -> days / 365.0 + 1;
        };
    }
}
