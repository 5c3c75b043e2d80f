package dev.wadi.infer;

import dev.wadi.contract.EventShape.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The texts of the contracts, the routes and the SQL of a new stream, with a comment at each guess. */
final class StreamFiles {
    private static final Pattern CHANGED =
            Pattern.compile("(?i).*(sequence|seq|event_?time|timestamp|occurred|created).*|ts");
    private static final List<String> TAKEN = List.of("source", "position", "received_at");

    private final String stream;
    private final Sample sample;
    private final List<Place> places = new ArrayList<>();
    private final Optional<Place> key;
    private final Optional<Place> sequence;

    /**
     * A column of silver and the field that fills it.
     *
     * @param path the names from the event down to the field
     * @param always whether each event of the sample has a value
     */
    private record Place(List<String> path, String column, Guess guess, boolean always) {
        String dotted() {
            return String.join(".", path);
        }
    }

    StreamFiles(String stream, Sample sample) {
        this.stream = stream;
        this.sample = sample;
        collect(sample.whole(), List.of(), true, new HashSet<>(TAKEN));
        Optional<Place> named = key();
        Optional<Place> ordering = named.flatMap(this::sequence);
        // a key of several events, and nothing that orders them, is no key
        this.key = named.filter(place -> place.guess().distinct() || ordering.isPresent());
        this.sequence = key.isEmpty() ? Optional.empty() : ordering;
    }

    private void collect(Guess object, List<String> path, boolean always, Set<String> taken) {
        for (Guess field : object.fields.values()) {
            List<String> way =
                    Stream.concat(path.stream(), Stream.of(field.name)).toList();
            boolean there = always && field.always(object == sample.whole() ? sample.events() : object.filled());
            if (field.type() == Type.OBJECT && !field.fields.isEmpty()) {
                collect(field, way, there, taken);
            } else if (!field.unseen()) {
                String column = column(way);
                while (!taken.add(column)) {
                    column += "_2";
                }
                places.add(new Place(way, column, field, there));
            }
        }
    }

    private static String column(List<String> path) {
        String name = String.join("_", path)
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_]", "_");
        return name.matches("[a-z_].*") ? name : "_" + name;
    }

    private Optional<Place> key() {
        List<Place> ids = places.stream()
                .filter(place -> place.always()
                        && (place.guess().type() == Type.STRING
                                        && !place.guess().mixed()
                                || place.guess().type() == Type.INTEGER)
                        && place.column().matches("(.*_)?(id|key|uuid|code|number|no)"))
                .toList();
        String singular = stream.replaceFirst("ies$", "y").replaceFirst("s$", "");
        Optional<Place> own = ids.stream()
                .filter(place -> place.column().equals("id") || place.column().equals(singular + "_id"))
                .findFirst();
        return own.or(
                () -> ids.stream().filter(place -> place.guess().distinct()).findFirst());
    }

    /** What orders the events of a key: looked for in every field when they are several, else only by the name of a change. */
    private Optional<Place> sequence(Place key) {
        List<Place> times = places.stream()
                .filter(place -> place.always()
                        && (place.guess().type() == Type.TIMESTAMP
                                || place.guess().type() == Type.INTEGER
                                        && place.column().matches("(.*_)?(version|sequence|seq|revision)")))
                .filter(place -> !key.equals(place))
                .toList();
        Optional<Place> changed = times.stream()
                .filter(place -> place.column().matches("(.*_)?(updated|modified|changed|version|revision).*"))
                .findFirst();
        if (changed.isPresent() || key.guess().distinct()) {
            return changed;
        }
        return times.stream()
                .filter(place -> CHANGED.matcher(place.column()).matches())
                .findFirst()
                .or(() -> times.stream().findFirst());
    }

    private String from() {
        return "Guessed by `wadi infer` from %d events of %s"
                .formatted(sample.events(), sample.file().getFileName());
    }

    String bronze() {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(from()).append(": read each comment, and correct what is not so.\n");
        head(out, "bronze");
        out.append("""
                    description: Every event of %1$s as it came, once.
                    customProperties:
                      - property: stream
                        value: %1$s
                """.formatted(stream));
        boolean named = key.isPresent()
                && key.get().path().size() == 1
                && sequence.isEmpty()
                && key.get().guess().distinct()
                && key.get().guess().type() == Type.STRING;
        if (named) {
            out.append(
                    "      # each event of the sample has another: it is taken for the id that the sender gives an event\n");
            out.append("      - property: eventId\n        value: ")
                    .append(quoted(key.get().path().getFirst()))
                    .append('\n');
        } else {
            out.append("      # no eventId: two events are the same when all they say is the same\n");
        }
        out.append("""
                      - property: whenMatched
                        value: keepFirst
                    properties:
                      - name: event_id
                        logicalType: string
                        physicalType: STRING
                        required: true
                        primaryKey: true
                        description: Identity of the event.
                        customProperties:
                          - property: fill
                            value: eventId
                      - name: payload
                        logicalType: object
                        physicalType: JSON
                        required: true
                        description: The event as it came. Fields that are not listed here are kept.
                        customProperties:
                          - property: fill
                            value: payload
                        properties:
                """);
        fields(out, sample.whole(), sample.events(), 10);
        provenance(out, true);
        return out.toString();
    }

    private void fields(StringBuilder out, Guess object, long events, int indent) {
        String pad = " ".repeat(indent);
        for (Guess field : object.fields.values()) {
            Type type = field.type();
            out.append(pad).append("# ").append(reason(field, events)).append('\n');
            if (field.unseen()) {
                continue;
            }
            out.append(pad).append("- name: ").append(quoted(field.name)).append('\n');
            out.append(pad)
                    .append("  logicalType: ")
                    .append(type.name().toLowerCase(Locale.ROOT))
                    .append('\n');
            if (field.always(events)) {
                out.append(pad).append("  required: true\n");
            }
            if (!field.others().isEmpty()) {
                out.append(pad).append("  customProperties:\n");
                out.append(pad).append("    - property: accepts\n");
                out.append(pad)
                        .append("      value: [")
                        .append(field.others().stream()
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")))
                        .append("]\n");
            }
            if (type == Type.OBJECT && !field.fields.isEmpty()) {
                out.append(pad).append("  properties:\n");
                fields(out, field, field.filled(), indent + 4);
            }
        }
    }

    private static String reason(Guess field, long events) {
        if (field.unseen()) {
            return "%s: null in all %d samples, so that its type is not known: it is kept in the payload"
                    .formatted(quoted(field.name), events);
        }
        String presence = field.always(events)
                ? "in all %d samples, so it is required".formatted(events)
                : "in %d of %d samples, so it may be absent or null".formatted(field.filled(), events);
        String type = field.type().name().toLowerCase(Locale.ROOT);
        if (field.lacksOffset()) {
            type = "string: a time without an offset (Z, +01:00) says nothing about when";
        } else if (field.mixed()) {
            type = "string: the samples are of several types";
        }
        return presence + "; " + type;
    }

    String silver() {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(from()).append(": read each comment, and correct what is not so.\n");
        head(out, "silver");
        out.append("    description: The events of ").append(stream).append(" as typed columns.\n");
        out.append("    customProperties:\n");
        if (sequence.isPresent()) {
            out.append("      # it orders the events of one ")
                    .append(key.orElseThrow().column())
                    .append(": a time (or number) in every event, and by its name that of the change\n");
            out.append("      - property: sequenceBy\n        value: [")
                    .append(sequence.get().column())
                    .append("]\n");
        } else {
            out.append("      # nothing orders the events of a key: the first stays\n");
            out.append("      - property: whenMatched\n        value: keepFirst\n");
        }
        out.append("    properties:\n");
        if (key.isEmpty()) {
            out.append("      # the key: no field is in every event, different in each and named as an id\n");
            column(out, "event_id", "string", "STRING", true, true, "Id of the event in bronze.");
        }
        for (Place place : places) {
            boolean isKey = key.equals(Optional.of(place));
            if (isKey) {
                out.append("      # the key, by its name; %d different values in %d samples%n"
                        .formatted(place.guess().differentValues(), sample.events()));
            }
            out.append("      # ").append(typeReason(place)).append('\n');
            column(
                    out,
                    place.column(),
                    logical(place),
                    physical(place),
                    isKey || sequence.equals(Optional.of(place)),
                    isKey,
                    place.dotted() + " of the event.");
        }
        provenance(out, false);
        return out.toString();
    }

    private static String typeReason(Place place) {
        return switch (place.guess().type()) {
            case NUMBER -> "a binary fraction; for money write DECIMAL(18,2) here and in the SQL";
            case INTEGER -> "64 bits, as the sample does not say how large it grows";
            case ARRAY, OBJECT -> "kept as JSON";
            case TIMESTAMP, DATE, BOOLEAN, STRING -> place.always() ? "in every sample" : "in some samples only";
        };
    }

    private static String logical(Place place) {
        return switch (place.guess().type()) {
            case ARRAY, OBJECT -> "object";
            case STRING, INTEGER, NUMBER, BOOLEAN, DATE, TIMESTAMP ->
                place.guess().type().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String physical(Place place) {
        return switch (place.guess().type()) {
            case STRING -> "STRING";
            case INTEGER -> "LONG";
            case NUMBER -> "DOUBLE";
            case BOOLEAN -> "BOOLEAN";
            case DATE -> "DATE";
            case TIMESTAMP -> "TIMESTAMP";
            case OBJECT, ARRAY -> "JSON";
        };
    }

    private static String sql(Guess guess) {
        return switch (guess.type()) {
            case STRING -> "VARCHAR";
            case INTEGER -> "BIGINT";
            case NUMBER -> "DOUBLE";
            case BOOLEAN -> "BOOLEAN";
            case DATE -> "DATE";
            case TIMESTAMP -> "TIMESTAMPTZ";
            case OBJECT, ARRAY -> "JSON";
        };
    }

    private void head(StringBuilder out, String layer) {
        out.append("""
                apiVersion: v3.1.0
                kind: DataContract
                id: %1$s.%2$s
                version: 1.0.0
                status: draft
                schema:
                  - name: %2$s
                    physicalName: %1$s.%2$s
                    physicalType: table
                """.formatted(layer, stream));
    }

    private static void column(
            StringBuilder out,
            String name,
            String logical,
            String physical,
            boolean required,
            boolean key,
            String description) {
        out.append("      - name: ").append(quoted(name)).append('\n');
        out.append("        logicalType: ").append(logical).append('\n');
        out.append("        physicalType: ").append(physical).append('\n');
        if (required) {
            out.append("        required: true\n");
        }
        if (key) {
            out.append("        primaryKey: true\n");
        }
        out.append("        description: ").append(quoted(description)).append('\n');
    }

    private static void provenance(StringBuilder out, boolean filled) {
        provenance(out, "source", "string", "STRING", filled ? "fill" : "provenance", filled ? "source" : "true");
        provenance(out, "position", "string", "STRING", filled ? "fill" : "provenance", filled ? "position" : "true");
        provenance(
                out,
                "received_at",
                "timestamp",
                "TIMESTAMP",
                filled ? "fill" : "provenance",
                filled ? "receivedAt" : "true");
    }

    private static void provenance(
            StringBuilder out, String name, String logical, String physical, String property, String value) {
        column(
                out,
                name,
                logical,
                physical,
                true,
                false,
                switch (name) {
                    case "source" -> "The door it came through.";
                    case "position" -> "Where in the source.";
                    default -> "When the door took it.";
                });
        out.append("        customProperties:\n          - property: ").append(property);
        out.append("\n            value: ").append(value).append('\n');
    }

    String ingest() {
        return """
                # %1$s from the broker land in bronze as they came.
                # The other doors need no route of their own: POST /api/events/%2$s.
                - route:
                    id: land-%3$s
                    from:
                      uri: rabbitmq:events
                      parameters:
                        queue: events.%2$s
                        routingKey: %2$s
                        # a commit takes a while: so many messages may wait for one
                        prefetch: 20000
                      steps:
                        - to:
                            uri: delta:bronze.%2$s
                """.formatted("Events of " + stream, stream, stream.replace('_', '-'));
    }

    String transform() {
        return """
                # %1$s become typed columns.
                - route:
                    id: clean-%2$s
                    from:
                      uri: delta:bronze.%3$s
                      steps:
                        - to:
                            uri: delta:silver.%3$s
                            parameters:
                              query: silver_%3$s.sql
                """.formatted("Events of " + stream, stream.replace('_', '-'), stream);
    }

    String query() {
        List<String> lines = new ArrayList<>();
        if (key.isEmpty()) {
            lines.add("event_id");
        }
        for (Place place : places) {
            String value = "event"
                    + place.path().stream().map(step -> "." + name(step)).collect(Collectors.joining());
            lines.add("%s AS %s".formatted(expression(place, value), name(place.column())));
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
                        json_transform(payload, '%4$s') AS event
                    FROM changes
                )
                """.formatted(
                        stream,
                        from(),
                        String.join(",\n    ", lines),
                        structure(sample.whole()).replace("'", "''"));
    }

    private String expression(Place place, String value) {
        return switch (place.guess().type()) {
            // empty text is null, but for what must not be null
            case STRING ->
                key.equals(Optional.of(place)) ? "trim(%s)".formatted(value) : "nullif(trim(%s), '')".formatted(value);
            case OBJECT, ARRAY -> "CAST(%s AS VARCHAR)".formatted(value);
            case INTEGER, NUMBER, BOOLEAN, DATE, TIMESTAMP -> value;
        };
    }

    private static String structure(Guess object) {
        return object.fields.values().stream()
                .filter(field -> !field.unseen())
                .map(field -> "%s: %s"
                        .formatted(
                                json(field.name),
                                field.type() == Type.OBJECT && !field.fields.isEmpty()
                                        ? structure(field)
                                        : json(sql(field))))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static String json(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A YAML scalar: in quotes when it is more than letters, digits and '_', or a word that YAML takes for something else. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_]*") && !text.matches("(?i)true|false|yes|no|on|off|null|y|n")
                ? text
                : json(text);
    }

    /** The files and what is in them, below the folder of contracts or of routes. */
    Map<String, String> contracts() {
        return Map.of(
                "tables/bronze.%s.odcs.yaml".formatted(stream), bronze(),
                "tables/silver.%s.odcs.yaml".formatted(stream), silver());
    }

    Map<String, String> routes() {
        String dashed = stream.replace('_', '-');
        return Map.of(
                "ingest/%s.camel.yaml".formatted(dashed), ingest(),
                "transform/silver-%s.camel.yaml".formatted(dashed), transform(),
                "transform/silver_%s.sql".formatted(stream), query());
    }
}
