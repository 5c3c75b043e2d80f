package dev.wadi.sql;

import dev.wadi.contract.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A statement, and how it is to be answered.
 *
 * @param parameters values of {@code ?}: texts, numbers ({@code Long}, {@code BigDecimal}), truths or nulls
 * @param limit rows at most; null for as many as the settings allow
 * @param timeout time at most; null for as long as the settings allow
 * @param versions the versions to read of some tables; of the others the newest
 * @param asOf the moment whose versions are read; null for now
 */
public record SqlQuestion(
        String sql,
        List<@Nullable Object> parameters,
        @Nullable Integer limit,
        @Nullable Duration timeout,
        Map<TableName, Long> versions,
        @Nullable Instant asOf) {
    public SqlQuestion {
        parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
        versions = Map.copyOf(versions);
    }

    public static SqlQuestion of(String sql) {
        return new SqlQuestion(sql, List.of(), null, null, Map.of(), null);
    }
}
