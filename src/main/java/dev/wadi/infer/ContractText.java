package dev.wadi.infer;

/** The text of a contract as it grows: what those of bronze and silver have in common. */
final class ContractText {
    private final StringBuilder out = new StringBuilder();

    ContractText(String layer, String stream, Sample sample) {
        add("# ", sample.origin(), ": read each comment, and correct what is not so.\n");
        add("""
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

    void add(String... texts) {
        for (String text : texts) {
            out.append(text);
        }
    }

    void column(String name, String logical, String physical, boolean required, boolean key, String description) {
        add("      - name: ", Quoted.yaml(name), "\n");
        add("        logicalType: ", logical, "\n");
        add("        physicalType: ", physical, "\n");
        if (required) {
            add("        required: true\n");
        }
        if (key) {
            add("        primaryKey: true\n");
        }
        add("        description: ", Quoted.yaml(description), "\n");
    }

    /** The columns that say where an event came from: bronze fills them, silver takes them along. */
    void provenance(boolean filled) {
        column("source", "string", "STRING", true, false, "The door it came through.");
        property(filled, "source");
        column("position", "string", "STRING", true, false, "Where in the source.");
        property(filled, "position");
        column("received_at", "timestamp", "TIMESTAMP", true, false, "When the door took it.");
        property(filled, "receivedAt");
    }

    private void property(boolean filled, String what) {
        add("        customProperties:\n          - property: ", filled ? "fill" : "provenance");
        add("\n            value: ", filled ? what : "true", "\n");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
