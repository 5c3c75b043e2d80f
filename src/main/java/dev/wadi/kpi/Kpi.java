package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key figure: the validated content of one {@code *.kpi.yaml} file.
 *
 * @param unit what one of the value is: {@code users}, {@code amount in the row's currency}
 * @param owner who answers for the definition
 * @param table what is measured
 * @param measure over the columns of {@code table}
 * @param valueType the SQL type of its values
 * @param additivity what decides whether answers may be added up
 * @param time columns that periods are made of
 * @param filter SQL condition that every row counted meets, whatever is asked; null for none
 * @param alwaysBy names of the dimensions that every answer is grouped by, because adding across them means nothing
 * @param rowFilters what an asker may see; applied when it is known who asks
 */
public record Kpi(
        String name,
        String title,
        String description,
        String unit,
        String owner,
        Display display,
        TableName table,
        Measure measure,
        String valueType,
        Additivity additivity,
        TimeColumns time,
        List<Grain> grains,
        List<Dimension> dimensions,
        @Nullable String filter,
        List<String> alwaysBy,
        List<RowFilter> rowFilters,
        Defaults defaults) {

    public Kpi {
        grains = List.copyOf(grains);
        dimensions = List.copyOf(dimensions);
        alwaysBy = List.copyOf(alwaysBy);
        rowFilters = List.copyOf(rowFilters);
    }

    public Optional<Dimension> dimension(String name) {
        return dimensions.stream()
                .filter(dimension -> dimension.name().equals(name))
                .findFirst();
    }

    public List<String> dimensionNames() {
        return dimensions.stream().map(Dimension::name).toList();
    }
}
