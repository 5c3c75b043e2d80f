package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The order of a table's rows as SQL: its sequence columns, compared as a tuple. */
final class Sequence {
    private final Contract contract;
    private final List<String> columns;

    Sequence(Contract contract) {
        this.contract = contract;
        this.columns = contract.sequenceBy();
    }

    /** {@code alias."a", alias."b"}. */
    String list(String alias) {
        return Batch.list(alias, columns);
    }

    /** The sequence as one value, of {@link Contract#sequenceType}. */
    String value(String alias) {
        return columns.size() == 1
                ? alias + "." + Sql.name(columns.getFirst())
                : columns.stream()
                        .map(name -> Sql.name(name) + ": " + alias + "." + Sql.name(name))
                        .collect(Collectors.joining(", ", "{", "}"));
    }

    /** The columns of a sequence that is given as one value: {@code value."a" AS "a", value."b" AS "b"}. */
    String fields(String value) {
        return columns.size() == 1
                ? value + " AS " + Sql.name(columns.getFirst())
                : columns.stream()
                        .map(name -> value + "." + Sql.name(name) + " AS " + Sql.name(name))
                        .collect(Collectors.joining(", "));
    }

    /** For ORDER BY: {@code alias."a" DESC, }, ready for what decides among equals. */
    String descending(String alias) {
        return columns.stream()
                .map(name -> alias + "." + Sql.name(name) + " DESC, ")
                .collect(Collectors.joining());
    }

    /** Whether {@code left} is before {@code right}; never in a table without an order. */
    String lower(String left, String right) {
        return columns.isEmpty() ? "false" : "row(%s) < row(%s)".formatted(list(left), list(right));
    }

    /** Whether {@code alias} is before a sequence given as text, a value for each column. */
    String lowerThan(String alias, List<String> texts) {
        return "row(%s) < %s".formatted(list(alias), row(texts));
    }

    /** Whether a sequence given as one value, as {@link #value} gives it, is before one given as text. */
    String valueLowerThan(String value, List<String> texts) {
        return columns.size() == 1
                ? "row(%s) < %s".formatted(value, row(texts))
                : lowerThan(value, texts) + " AND " + value + " IS NOT NULL";
    }

    /** Whether the first of two sequences given as text is before the second. */
    String ascending(List<String> first, List<String> second) {
        return row(first) + " < " + row(second);
    }

    private String row(List<String> texts) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add("CAST(%s AS %s)"
                    .formatted(
                            Sql.text(texts.get(i)),
                            contract.column(columns.get(i)).type().sql()));
        }
        return "row(" + String.join(", ", values) + ")";
    }

    /** 1 where {@code left} is after {@code right}, 0 where equal, -1 where before. */
    String comparison(String left, String right) {
        if (contract.whenMatched() != WhenMatched.SEQUENCE) {
            return "0";
        }
        String mine = "row(" + list(left) + ")";
        String theirs = "row(" + list(right) + ")";
        return "CASE WHEN %s > %s THEN 1 WHEN %s = %s THEN 0 ELSE -1 END".formatted(mine, theirs, mine, theirs);
    }
}
