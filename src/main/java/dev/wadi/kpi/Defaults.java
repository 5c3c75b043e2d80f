package dev.wadi.kpi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a question means that does not say it. Each is written as in an address.
 *
 * @param where conditions, each left out when the question has one on the same dimension
 * @param order null for by time and dimensions
 * @param limit null for {@link QuestionReader#DEFAULT_LIMIT}
 */
public record Defaults(
        List<String> where,
        @Nullable String order,
        @Nullable Integer limit) {
    public static final Defaults NONE = new Defaults(List.of(), null, null);

    public Defaults {
        where = List.copyOf(where);
    }
}
