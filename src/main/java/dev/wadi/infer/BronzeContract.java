package dev.wadi.infer;

import dev.wadi.contract.EventShape.Type;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The contract of the table that keeps the events of a stream as they came, with the fields of an event. */
final class BronzeContract {
    private final String stream;
    private final Sample sample;
    private final ContractText out;

    private BronzeContract(String stream, Sample sample) {
        this.stream = stream;
        this.sample = sample;
        this.out = new ContractText("bronze", stream, sample);
    }

    static String text(String stream, Sample sample, SilverColumns columns) {
        BronzeContract contract = new BronzeContract(stream, sample);
        contract.write(columns);
        return contract.out.toString();
    }

    private void write(SilverColumns columns) {
        out.add("""
                    description: Every event of %1$s as it came, once.
                    customProperties:
                      - property: stream
                        value: %1$s
                """.formatted(stream));
        Optional<Place> id = eventId(columns);
        if (id.isPresent()) {
            out.add(
                    "      # each event of the sample has another: it is taken for the id that the sender gives an event\n");
            out.add("      - property: eventId\n        value: ");
            out.add(Quoted.yaml(id.get().path().getFirst()), "\n");
        } else {
            out.add("      # no eventId: two events are the same when all they say is the same\n");
        }
        out.add("""
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
        fields(sample.whole(), sample.events(), 10);
        out.provenance(true);
    }

    private static Optional<Place> eventId(SilverColumns columns) {
        return columns.key()
                .filter(key -> key.path().size() == 1
                        && columns.sequence().isEmpty()
                        && key.guess().distinct()
                        && key.guess().type() == Type.STRING);
    }

    private void fields(Guess object, long events, int indent) {
        String pad = " ".repeat(indent);
        for (Guess field : object.fields.values()) {
            out.add(pad, "# ", reason(field, events), "\n");
            if (field.unseen()) {
                continue;
            }
            out.add(pad, "- name: ", Quoted.yaml(field.name), "\n");
            out.add(pad, "  logicalType: ", word(field.type()), "\n");
            if (field.always(events)) {
                out.add(pad, "  required: true\n");
            }
            if (!field.others().isEmpty()) {
                out.add(pad, "  customProperties:\n");
                out.add(pad, "    - property: accepts\n");
                out.add(pad, "      value: [");
                out.add(field.others().stream().map(BronzeContract::word).collect(Collectors.joining(", ")), "]\n");
            }
            if (field.hasFields()) {
                out.add(pad, "  properties:\n");
                fields(field, field.filled(), indent + 4);
            }
        }
    }

    private static String word(Type type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static String reason(Guess field, long events) {
        if (field.unseen()) {
            return "%s: null in all %d samples, so that its type is not known: it is kept in the payload"
                    .formatted(Quoted.yaml(field.name), events);
        }
        String presence = field.always(events)
                ? "in all %d samples, so it is required".formatted(events)
                : "in %d of %d samples, so it may be absent or null".formatted(field.filled(), events);
        String type = word(field.type());
        if (field.lacksOffset()) {
            type = "string: a time without an offset (Z, +01:00) says nothing about when";
        } else if (field.mixed()) {
            type = "string: the samples are of several types";
        }
        return presence + "; " + type;
    }
}
