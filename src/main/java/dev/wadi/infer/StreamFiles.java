package dev.wadi.infer;

import java.util.Map;

/** The files of a new stream and what is in them, with a comment at each guess. */
final class StreamFiles {
    private final String stream;
    private final String dashed;
    private final Sample sample;
    private final SilverColumns columns;

    StreamFiles(String stream, Sample sample) {
        this.stream = stream;
        this.dashed = stream.replace('_', '-');
        this.sample = sample;
        this.columns = new SilverColumns(stream, sample);
    }

    /** By their names below the folder of contracts. */
    Map<String, String> contracts() {
        return Map.of(
                "tables/bronze.%s.odcs.yaml".formatted(stream), BronzeContract.text(stream, sample, columns),
                "tables/silver.%s.odcs.yaml".formatted(stream), SilverContract.text(stream, sample, columns));
    }

    /** By their names below the folder of routes. */
    Map<String, String> routes() {
        return Map.of(
                "ingest/%s.camel.yaml".formatted(dashed), ingest(),
                "transform/silver-%s.camel.yaml".formatted(dashed), transform(),
                "transform/silver_%s.sql".formatted(stream), SilverQuery.text(stream, sample, columns));
    }

    private String ingest() {
        return """
                # Events of %1$s from the broker land in bronze as they came.
                # The other doors need no route of their own: POST /api/events/%1$s.
                - route:
                    id: land-%2$s
                    from:
                      uri: rabbitmq:events
                      parameters:
                        queue: events.%1$s
                        routingKey: %1$s
                        # a commit takes a while: so many messages may wait for one
                        prefetch: 20000
                      steps:
                        - to:
                            uri: delta:bronze.%1$s
                """.formatted(stream, dashed);
    }

    private String transform() {
        return """
                # Events of %1$s become typed columns.
                - route:
                    id: clean-%2$s
                    from:
                      uri: delta:bronze.%1$s
                      steps:
                        - to:
                            uri: delta:silver.%1$s
                            parameters:
                              query: silver_%1$s.sql
                """.formatted(stream, dashed);
    }
}
