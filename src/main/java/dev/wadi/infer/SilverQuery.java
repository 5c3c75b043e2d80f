package dev.wadi.infer;

import dev.wadi.engine.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The SELECT that makes rows of silver of the events that are new in bronze. */
final class SilverQuery {
    private SilverQuery() {}

    static String text(String stream, Sample sample, SilverColumns columns) {
        List<String> lines = new ArrayList<>();
        if (columns.key().isEmpty()) {
            lines.add("event_id");
        }
        for (Place place : columns.places()) {
            lines.add("%s AS %s".formatted(expression(place, columns.isKey(place)), Sql.name(place.column())));
        }
        lines.add("source");
        lines.add("position");
        lines.add("received_at");
        return """
                -- bronze.%1$s -> silver.%1$s: the JSON of each new event, taken apart into typed columns.
                -- %2$s.
                SELECT
                    %3$s
                FROM (
                    -- one pass over the JSON; what does not have the type is null
                    SELECT
                        event_id, source, position, received_at,
                        json_transform(payload, %4$s) AS event
                    FROM changes
                )
                """.formatted(
                        stream, sample.origin(), String.join(",\n    ", lines), Sql.text(structure(sample.whole())));
    }

    private static String expression(Place place, boolean key) {
        String value = "event"
                + place.path().stream().map(step -> "." + Sql.name(step)).collect(Collectors.joining());
        return switch (place.guess().type()) {
            // empty text is null, but for what must not be null
            case STRING -> key ? "trim(%s)".formatted(value) : "nullif(trim(%s), '')".formatted(value);
            case OBJECT, ARRAY -> "CAST(%s AS VARCHAR)".formatted(value);
            case INTEGER, NUMBER, BOOLEAN, DATE, TIMESTAMP -> value;
        };
    }

    /** What {@code json_transform} is to make of an event, as JSON. */
    private static String structure(Guess object) {
        return object.fields.values().stream()
                .filter(field -> !field.unseen())
                .map(field -> "%s: %s"
                        .formatted(
                                Quoted.json(field.name),
                                field.hasFields()
                                        ? structure(field)
                                        : Quoted.json(
                                                ColumnType.of(field.type()).sql())))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
