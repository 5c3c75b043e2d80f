package dev.wadi.bench;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tables that the benchmarks of the merge use. */
final class Shapes {
    private Shapes() {}

    /** A table of the lake whose columns are given as {@code name TYPE}. */
    static Contract table(String name, List<String> key, String sequence, boolean vectors, String... columns) {
        List<Column> all = new ArrayList<>();
        for (String column : columns) {
            String[] parts = column.split(" ", 2);
            all.add(new Column(
                    parts[0],
                    type(parts[1]),
                    key.contains(parts[0]) || sequence.equals(parts[0]),
                    false,
                    parts[0],
                    null));
        }
        return new Contract(
                new TableName("silver", name),
                name,
                all,
                key,
                Merging.newest(List.of(sequence)),
                List.of(),
                List.of(),
                null,
                vectors,
                Path.of(name + ".odcs.yaml"));
    }

    private static ColumnType type(String text) {
        return switch (text) {
            case "STRING" -> ColumnType.Simple.STRING;
            case "INTEGER" -> ColumnType.Simple.INTEGER;
            case "LONG" -> ColumnType.Simple.LONG;
            case "DOUBLE" -> ColumnType.Simple.DOUBLE;
            case "DATE" -> ColumnType.Simple.DATE;
            case "TIMESTAMP" -> ColumnType.Simple.TIMESTAMP;
            case "DECIMAL" -> new ColumnType.Decimal(15, 2);
            default -> throw new IllegalArgumentException(text);
        };
    }
}
