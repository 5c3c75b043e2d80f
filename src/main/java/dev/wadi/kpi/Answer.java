package dev.wadi.kpi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a question. Also the JSON document that the API sends; a member without a value is there as null.
 *
 * @param from first day counted; null for no limit
 * @param grain null for one value over the whole time
 * @param by what was grouped by, the KPI's {@code alwaysBy} included
 * @param versions the table versions that were read
 * @param rows {@code time} (the first day of the period, when there is a grain), a member for each dimension, and
 *     {@code value}; in the order of time and dimensions
 * @param total rows of the whole answer, of which {@code rows} is the part from {@code offset} on
 */
@Serdeable.Serializable
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Answer(
        String kpi,
        String title,
        String unit,
        @Nullable String from,
        @Nullable String to,
        @Nullable String grain,
        List<String> by,
        Map<String, Long> versions,
        List<Map<String, @Nullable Object>> rows,
        int limit,
        long offset,
        long total) {}
