package dev.wadi.merge;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Rows of a batch by what becomes of them, and how often each rule that only warns was broken. */
final class Tally {
    private final Map<Verdict, Long> rows = new EnumMap<>(Verdict.class);
    private final Map<String, Long> warnings = new TreeMap<>();

    void add(Verdict verdict, long count) {
        rows.merge(verdict, count, Long::sum);
    }

    void warn(String rule, long count) {
        if (count > 0) {
            warnings.merge(rule, count, Long::sum);
        }
    }

    long rows(Verdict verdict) {
        return rows.getOrDefault(verdict, 0L);
    }

    boolean changesTable() {
        return rows.entrySet().stream().anyMatch(each -> each.getKey().changesTable() && each.getValue() > 0);
    }

    boolean refuses() {
        return rows(Verdict.TIED) + rows(Verdict.REFUSED) > 0;
    }

    Map<String, Long> warnings() {
        return warnings;
    }

    /** @param refusedBefore what was refused before it could become a row of the batch */
    MergeOutcome.Counts counts(long refusedBefore) {
        return new MergeOutcome.Counts(
                rows.values().stream().mapToLong(Long::longValue).sum() + refusedBefore,
                rows(Verdict.INSERTED),
                rows(Verdict.UPDATED),
                rows(Verdict.DELETED),
                rows(Verdict.BURIED) + rows(Verdict.TRUNCATES),
                rows(Verdict.STALE),
                rows(Verdict.DUPLICATE),
                rows(Verdict.TIED),
                rows(Verdict.REFUSED) + refusedBefore);
    }
}
