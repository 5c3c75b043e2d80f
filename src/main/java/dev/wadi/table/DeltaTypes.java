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
import java.util.ArrayList;
import java.util.List;

/** Types and schemas between contracts, Delta and DuckDB. */
final class DeltaTypes {
    private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    private static final String ID = "delta.columnMapping.id";

    private DeltaTypes() {}

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
        throw new TableException("Wadi cannot read columns of the Delta type %s yet".formatted(type));
    }

    /**
     * The schema of a new table. Physical names are the logical ones, so that the Parquet files can be read by eye; the
     * mapping allows renames later.
     */
    static StructType schema(Contract contract) {
        StructType schema = new StructType();
        int id = 0;
        for (Column column : contract.stored()) {
            id++;
            schema = schema.add(new StructField(
                    column.name(),
                    delta(column.type()),
                    true,
                    FieldMetadata.builder()
                            .putString(PHYSICAL_NAME, column.name())
                            .putLong(ID, id)
                            .build()));
        }
        return schema;
    }

    /** Fields that the contract has and the table does not; Kernel gives them their ids. */
    static List<StructField> missing(Contract contract, StructType schema) {
        List<StructField> missing = new ArrayList<>();
        for (Column column : contract.stored()) {
            int at = schema.indexOf(column.name());
            DataType wanted = delta(column.type());
            if (at < 0) {
                missing.add(new StructField(column.name(), wanted, true));
            } else if (!schema.at(at).getDataType().equivalent(wanted)) {
                throw new TableException(("%s: the table has column %s as %s, but its contract (%s) says %s."
                                + " A type cannot be changed: give the column a new name in the contract")
                        .formatted(
                                contract.table(), column.name(), schema.at(at).getDataType(), contract.file(), wanted));
            }
        }
        return missing;
    }

    static List<TableColumn> columns(StructType schema) {
        List<TableColumn> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            FieldMetadata metadata = field.getMetadata();
            String physical = metadata.getString(PHYSICAL_NAME);
            Long id = metadata.getLong(ID);
            columns.add(new TableColumn(
                    field.getName(),
                    physical == null ? field.getName() : physical,
                    id == null ? -1 : Math.toIntExact(id),
                    sql(field.getDataType())));
        }
        return columns;
    }
}
