package dev.wadi.index;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.engine.Sql;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that stand for the keys and sequences of a table in its index, as SQL. The hashes are salted anew in each
 * process, so nobody can make keys that meet; they are never stored.
 */
public final class KeyHash {
    private static final long SALT = new SecureRandom().nextLong();

    private final Contract contract;

    public KeyHash(Contract contract) {
        this.contract = contract;
    }

    /**
     * Whether an index fits the table: each key has one row, its order is one number, and rows stay where they are. Without
     * deletion vectors an update moves all rows of its files, and to index them again costs more than a scan.
     */
    public static boolean fits(Contract contract) {
        List<String> sequence = contract.sequenceBy();
        return contract.deletionVectors()
                && !contract.merging().history()
                && contract.merging().ignoreNullUpdates().isEmpty()
                && (sequence.isEmpty()
                        || sequence.size() == 1
                                && number(contract.column(sequence.get(0)).type(), "") != null);
    }

    /** Whether both make the same numbers of a row. */
    boolean isAs(KeyHash other) {
        return inputs().equals(other.inputs()) && columns("t").equals(other.columns("t"));
    }

    /** The columns that {@link #columns} reads. */
    List<String> inputs() {
        List<String> inputs = new ArrayList<>(contract.primaryKey());
        inputs.addAll(contract.sequenceBy());
        return inputs;
    }

    /** First hash, second hash, sequence: three BIGINTs, the sequence 0 where it is null or there is none. */
    public String columns(String alias) {
        String key = contract.primaryKey().stream()
                .map(name -> alias + "." + Sql.name(name))
                .collect(Collectors.joining(", "));
        return "(hash(%1$d, %2$s) >> 1)::BIGINT, (hash(%2$s, %1$d) >> 1)::BIGINT, %3$s"
                .formatted(SALT, key, sequence(alias));
    }

    /** The sequence as a BIGINT, 0 where it is null or there is none. */
    public String sequence(String alias) {
        if (contract.sequenceBy().isEmpty()) {
            return "0::BIGINT";
        }
        String name = contract.sequenceBy().get(0);
        return "coalesce(" + number(contract.column(name).type(), alias + "." + Sql.name(name)) + ", 0)";
    }

    /** A sequence given as text, as the number that {@link #columns} gives. */
    public @Nullable String sequenceOf(String text) {
        ColumnType type = contract.column(contract.sequenceBy().get(0)).type();
        return number(type, "CAST(%s AS %s)".formatted(Sql.text(text), type.sql()));
    }

    private static @Nullable String number(ColumnType type, String value) {
        return switch (type.sql()) {
            case "SMALLINT", "INTEGER", "BIGINT" -> value + "::BIGINT";
            case "TIMESTAMPTZ" -> "epoch_us(" + value + ")";
            case "DATE" -> "epoch_us(" + value + "::TIMESTAMP)";
            default -> null;
        };
    }
}
