package dev.wadi.table;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Types and schemas between contracts, Delta and DuckDB. */
final class DeltaTypes {
    /** The table property that says by what columns are found in the files: none (their name), name or id. */
    static final String MAPPING = "delta.columnMapping.mode";

    private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    private static final String ID = "delta.columnMapping.id";

    private DeltaTypes() {}

    /** A Delta type without ids: Kernel gives those of what is within. */
    static DataType delta(ColumnType type) {
        return switch (type) {
            case ColumnType.Decimal decimal -> new DecimalType(decimal.precision(), decimal.scale());
            case ColumnType.Array array -> new ArrayType(delta(array.items()), true);
            case ColumnType.Struct struct ->
                new StructType(struct.fields().stream()
                        .map(field -> new StructField(field.name(), delta(field.type()), true))
                        .toList());
            case ColumnType.Simple simple ->
                switch (simple) {
                    case STRING, JSON -> StringType.STRING;
                    case BINARY -> BinaryType.BINARY;
                    case SMALLINT -> ShortType.SHORT;
                    case FLOAT -> FloatType.FLOAT;
                    case BOOLEAN -> BooleanType.BOOLEAN;
                    case INTEGER -> IntegerType.INTEGER;
                    case LONG -> LongType.LONG;
                    case DOUBLE -> DoubleType.DOUBLE;
                    case DATE -> DateType.DATE;
                    case TIMESTAMP -> TimestampType.TIMESTAMP;
                };
        };
    }

    /** The DuckDB type of a Delta type. */
    static String sql(DataType type) {
        if (type instanceof StringType) {
            return "VARCHAR";
        } else if (type instanceof BooleanType) {
            return "BOOLEAN";
        } else if (type instanceof IntegerType) {
            return "INTEGER";
        } else if (type instanceof ShortType) {
            return "SMALLINT";
        } else if (type instanceof LongType) {
            return "BIGINT";
        } else if (type instanceof DoubleType) {
            return "DOUBLE";
        } else if (type instanceof FloatType) {
            return "FLOAT";
        } else if (type instanceof DateType) {
            return "DATE";
        } else if (type instanceof TimestampType) {
            return "TIMESTAMPTZ";
        } else if (type instanceof DecimalType decimal) {
            return "DECIMAL(%d,%d)".formatted(decimal.getPrecision(), decimal.getScale());
        }
        if (type instanceof BinaryType) {
            return "BLOB";
        } else if (type instanceof ArrayType array) {
            return sql(array.getElementType()) + "[]";
        } else if (type instanceof StructType struct) {
            return struct.fields().stream()
                    .map(field -> quoted(field.getName()) + " " + sql(field.getDataType()))
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }
        throw new TableException("Wadi cannot read columns of the Delta type %s yet".formatted(type));
    }

    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /**
     * The schema of a new table. Physical names are the logical ones, so that the Parquet files can be read by eye; the
     * mapping allows renames later.
     *
     * @param mapped whether columns are found in the files by a mapping, and not by their names
     */
    static StructType schema(Contract contract, boolean mapped) {
        StructType plain = new StructType();
        for (Column column : contract.stored()) {
            plain = plain.add(new StructField(column.name(), delta(column.type()), true));
        }
        return mapped ? (StructType) numbered(plain, new AtomicInteger()) : plain;
    }

    private static DataType numbered(DataType type, AtomicInteger last) {
        if (type instanceof ArrayType array) {
            return new ArrayType(numbered(array.getElementType(), last), array.containsNull());
        } else if (!(type instanceof StructType struct)) {
            return type;
        } else {
            StructType numbered = new StructType();
            for (StructField field : struct.fields()) {
                FieldMetadata metadata = FieldMetadata.builder()
                        .putString(PHYSICAL_NAME, field.getName())
                        .putLong(ID, last.incrementAndGet())
                        .build();
                numbered = numbered.add(
                        new StructField(field.getName(), numbered(field.getDataType(), last), true, metadata));
            }
            return numbered;
        }
    }

    /**
     * The columns, by physical name, that every file has and has with the type of the table: those of its creation that are
     * plain and were not widened. They can be read without looking into each file for what it has.
     */
    static Set<String> inEveryFile(StructType schema, Map<String, String> properties) {
        String created = properties.get(Evolution.COLUMNS);
        if (created == null || "id".equals(properties.get(MAPPING))) {
            return Set.of();
        }
        Set<String> columns = new HashSet<>(Arrays.asList(created.split(",")));
        boolean mapped = properties.containsKey(MAPPING);
        Set<String> same = new HashSet<>();
        for (StructField field : schema.fields()) {
            String physical = mapped ? field.getMetadata().getString(PHYSICAL_NAME) : field.getName();
            boolean plain = !(field.getDataType() instanceof StructType) && !(field.getDataType() instanceof ArrayType);
            if (plain
                    && physical != null
                    && columns.contains(physical)
                    && field.getTypeChanges().isEmpty()) {
                same.add(physical);
            }
        }
        return Set.copyOf(same);
    }

    /** @param mapping the value of {@link #MAPPING}; null is none */
    static List<TableColumn> columns(StructType schema, @Nullable String mapping) {
        boolean mapped = mapping != null && !mapping.equals("none");
        return schema.fields().stream().map(field -> column(field, mapped)).toList();
    }

    private static TableColumn column(StructField field, boolean mapped) {
        String physical = mapped ? field.getMetadata().getString(PHYSICAL_NAME) : null;
        Long id = mapped ? field.getMetadata().getLong(ID) : null;
        return new TableColumn(
                field.getName(),
                physical == null ? field.getName() : physical,
                id == null ? -1 : Math.toIntExact(id),
                sql(field.getDataType()),
                fields(field.getDataType(), mapped));
    }

    private static List<TableColumn> fields(DataType type, boolean mapped) {
        if (type instanceof StructType struct) {
            return struct.fields().stream().map(field -> column(field, mapped)).toList();
        }
        return type instanceof ArrayType array ? List.of(column(array.getElementField(), mapped)) : List.of();
    }
}
