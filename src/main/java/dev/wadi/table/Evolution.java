package dev.wadi.table;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way from the schema that a table has to the one that its contract asks for. Columns and fields are added, and types
 * widened, without a file being touched; all else is refused, because the rows that are there could not follow.
 */
final class Evolution {
    /** The table property that remembers the key, joined by commas: Delta itself knows none. */
    static final String KEY = "wadi.primaryKey";

    /** The table property that remembers the physical names of the columns it was created with, joined by commas. */
    static final String COLUMNS = "wadi.columns";

    private final Contract contract;
    private final List<String> gained = new ArrayList<>();
    private final List<String> widened = new ArrayList<>();
    private final StructType schema;

    /** @throws TableException when the contract asks for what cannot be */
    Evolution(Contract contract, StructType now, List<String> partitionedBy, Map<String, String> properties) {
        this.contract = contract;
        if (!partitionedBy.equals(contract.partitionBy())) {
            throw refused(
                    "the table is partitioned by %s, but its contract (%%s) says %s"
                            .formatted(list(partitionedBy), list(contract.partitionBy())),
                    "Its files lie in the folders of those partitions. Write the partition columns of before, or give the table a new name and fill it again");
        }
        String key = properties.get(KEY);
        if (key != null && !key.equals(String.join(",", contract.primaryKey()))) {
            throw refused(
                    "the table has a row for each %s, but its contract (%%s) says for each %s"
                            .formatted(key.replace(",", ", "), String.join(", ", contract.primaryKey())),
                    "Rows that are there may share the new key. Write the key of before, or give the table a new name and fill it again");
        }
        this.schema = columns(now);
    }

    /** What the table is to have; the same as before when {@link #isEmpty}. */
    StructType schema() {
        return schema;
    }

    boolean isEmpty() {
        return gained.isEmpty() && widened.isEmpty();
    }

    boolean widens() {
        return !widened.isEmpty();
    }

    /** Whether a table that keeps one row a key becomes one that keeps a history. */
    boolean beginsHistory() {
        return gained.contains(Contract.START_AT) || gained.contains(Contract.SYSTEM_START_AT);
    }

    /** For the log. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        gained.forEach(column -> parts.add("gained " + column));
        widened.forEach(column -> parts.add("widened " + column));
        return String.join(", ", parts);
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }

    /** @param problem has a place for the contract's file */
    private TableException refused(String problem, String cure) {
        return new TableException("%s: %s. %s".formatted(contract.table(), problem.formatted(contract.file()), cure));
    }

    private StructType columns(StructType now) {
        List<StructField> fields = new ArrayList<>();
        for (StructField field : now.fields()) {
            Column column = contract.stored().stream()
                    .filter(candidate -> candidate.name().equals(field.getName()))
                    .findFirst()
                    .orElse(null);
            if (column == null && !isLeftOver(field.getName())) {
                throw refused(
                        "the table has the column %s (%s), but its contract (%%s) does not store one of that name"
                                .formatted(field.getName(), DeltaTypes.sql(field.getDataType())),
                        "What it holds would be lost. Put the column back, with 'required: false' when nothing fills it any"
                                + " more, or give the table a new name and fill it again");
            }
            fields.add(
                    column == null
                            ? field
                            : field.withDataType(
                                    type(field.getName(), field.getDataType(), DeltaTypes.delta(column.type()))));
        }
        for (Column column : contract.stored()) {
            if (now.indexOf(column.name()) < 0) {
                gained.add(column.name());
                fields.add(new StructField(column.name(), DeltaTypes.delta(column.type()), true));
            }
        }
        return new StructType(fields);
    }

    /** A sequence of a column that once ignored nulls. Null for new rows, it says nothing that is wrong. */
    private static boolean isLeftOver(String name) {
        return name.startsWith(Contract.sequenceOf(""));
    }

    private DataType type(String path, DataType now, DataType wanted) {
        if (now instanceof StructType nowStruct && wanted instanceof StructType wantedStruct) {
            return struct(path, nowStruct, wantedStruct);
        }
        if (now instanceof ArrayType nowArray && wanted instanceof ArrayType wantedArray) {
            StructField element = nowArray.getElementField();
            return new ArrayType(
                    element.withDataType(type(path + "[]", nowArray.getElementType(), wantedArray.getElementType())));
        }
        if (now.equivalent(wanted)) {
            return now;
        }
        if (holds(wanted, now)) {
            widened.add("%s from %s to %s".formatted(path, DeltaTypes.sql(now), DeltaTypes.sql(wanted)));
            return wanted;
        }
        throw refused(
                "the table has %s as %s, but its contract (%%s) says %s"
                        .formatted(path, DeltaTypes.sql(now), DeltaTypes.sql(wanted)),
                "A type can only become one that holds every value of it, such as INTEGER a BIGINT. Write %s, or give the column a new name"
                        .formatted(DeltaTypes.sql(now)));
    }

    private StructType struct(String path, StructType now, StructType wanted) {
        List<StructField> fields = new ArrayList<>();
        for (StructField field : now.fields()) {
            StructField same = field(wanted, field.getName());
            if (same == null) {
                throw refused(
                        "the table has the field %s.%s, but its contract (%%s) does not"
                                .formatted(path, field.getName()),
                        "What it holds would be lost. Put the field back, or give the column a new name");
            }
            fields.add(field.withDataType(type(path + "." + field.getName(), field.getDataType(), same.getDataType())));
        }
        for (StructField field : wanted.fields()) {
            if (field(now, field.getName()) == null) {
                gained.add(path + "." + field.getName());
                fields.add(field);
            }
        }
        return new StructType(fields);
    }

    private static @Nullable StructField field(StructType type, String name) {
        int at = type.indexOf(name);
        return at < 0 ? null : type.at(at);
    }

    /** Whether {@code wide} holds every value of {@code narrow}, and Delta lets readers take one for the other. */
    private static boolean holds(DataType wide, DataType narrow) {
        int digits = digits(narrow);
        return switch (wide) {
            case ShortType to -> narrow instanceof ByteType;
            case IntegerType to -> digits > 0 && digits < 10;
            case LongType to -> digits > 0 && digits < 20;
            case DoubleType to -> narrow instanceof FloatType || digits > 0 && digits <= 10;
            case DecimalType to ->
                digits > 0 && to.getPrecision() - to.getScale() >= Math.max(10, digits)
                        || narrow instanceof DecimalType from
                                && to.getScale() >= from.getScale()
                                && to.getPrecision() - to.getScale() >= from.getPrecision() - from.getScale();
            default -> false;
        };
    }

    /** How many decimal digits Delta asks for to hold any integer of the type; 0 when it is no integer. */
    private static int digits(DataType type) {
        return switch (type) {
            case ByteType from -> 3;
            case ShortType from -> 5;
            case IntegerType from -> 10;
            case LongType from -> 20;
            default -> 0;
        };
    }
}
