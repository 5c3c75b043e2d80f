package dev.wadi.infer;

/** The contract of the table that has the events of a stream as typed columns. */
final class SilverContract {
    private SilverContract() {}

    static String text(String stream, Sample sample, SilverColumns columns) {
        ContractText out = new ContractText("silver", stream, sample);
        out.add("    description: The events of ", stream, " as typed columns.\n");
        out.add("    customProperties:\n");
        if (columns.sequence().isPresent()) {
            out.add(
                    "      # it orders the events of one ",
                    columns.key().orElseThrow().column());
            out.add(": a time (or number) in every event, and by its name that of the change\n");
            out.add("      - property: sequenceBy\n        value: [");
            out.add(columns.sequence().get().column(), "]\n");
        } else {
            out.add("      # nothing orders the events of a key: the first stays\n");
            out.add("      - property: whenMatched\n        value: keepFirst\n");
        }
        out.add("    properties:\n");
        if (columns.key().isEmpty()) {
            out.add("      # the key: no field is in every event, different in each and named as an id\n");
            out.column("event_id", "string", "STRING", true, true, "Id of the event in bronze.");
        }
        for (Place place : columns.places()) {
            boolean key = columns.isKey(place);
            if (key) {
                out.add("      # the key, by its name; %d different values in %d samples%n"
                        .formatted(place.guess().differentValues(), sample.events()));
            }
            out.add("      # ", reason(place), "\n");
            ColumnType type = ColumnType.of(place.guess().type());
            out.column(
                    place.column(),
                    type.logical(),
                    type.physical(),
                    key || columns.isSequence(place),
                    key,
                    place.dotted() + " of the event.");
        }
        out.provenance(false);
        return out.toString();
    }

    private static String reason(Place place) {
        return switch (place.guess().type()) {
            case NUMBER -> "a binary fraction; for money write DECIMAL(18,2) here and in the SQL";
            case INTEGER -> "64 bits, as the sample does not say how large it grows";
            case ARRAY, OBJECT -> "kept as JSON";
            case TIMESTAMP, DATE, BOOLEAN, STRING -> place.always() ? "in every sample" : "in some samples only";
        };
    }
}
