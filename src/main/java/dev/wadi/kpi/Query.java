package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A question as SQL. Its columns are {@link #TOTAL} (rows of the whole answer), {@link #THERE} (null in the one row of an
 * empty page), {@link #TIME} when there is a grain, {@link #by} for each dimension, and one for each figure. Nothing that
 * came with the request is in the text: values are bound.
 */
record Query(String sql, List<Object> binds) {
    static final String TOTAL = "_total";
    static final String THERE = "_there";
    static final String TIME = "_time";

    Query {
        binds = List.copyOf(binds);
    }

    /** The column of the n-th dimension of {@link Question#by}. */
    static String by(int n) {
        return "_by" + n;
    }

    /** A page of the rows. */
    static Query of(Question question) {
        return new QueryWriter(question).page();
    }

    /**
     * A page of the rows, for a measure whose values may be added across dimensions: facts are grouped by the keys of the dimension
     * tables first, so that not each of them has to be joined.
     */
    static Query summed(Question question) {
        return new QueryWriter(question, true).page();
    }

    /** The figures of all rows added up, for each group of what the KPI is always grouped by. */
    static Query totals(Question question) {
        return new QueryWriter(question).totals();
    }

    /** A page of the rows that a cell is made of. @param key what they are in the order of */
    static Query facts(Cell cell, List<String> key) {
        return new QueryWriter(cell.question()).facts(cell, key);
    }

    /** The measure over all rows that a cell is made of. */
    static Query measured(Cell cell) {
        return new QueryWriter(cell.question()).measured(cell);
    }

    /** A word for what is asked: another one for another question or another definition of the KPI. */
    String identity(Question question) {
        List<String> parts = new ArrayList<>(List.of("3", question.kpi().toString(), question.text(), sql));
        binds.forEach(bind -> parts.add(bind.getClass().getSimpleName() + " " + bind));
        return digest(parts);
    }

    /** A tag for the answer to what {@link #identity} names, from these versions. */
    static String tag(String identity, Map<TableName, Long> versions) {
        List<String> parts = new ArrayList<>(List.of(identity));
        versions.forEach((table, version) -> parts.add(table + "@" + version));
        return digest(parts);
    }

    /** The parts are hashed with their lengths, so that no two lists of parts look the same. */
    private static String digest(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
