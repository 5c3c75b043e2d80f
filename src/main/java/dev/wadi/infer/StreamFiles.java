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
                "ingest/%s-files.camel.yaml".formatted(dashed), files(),
                "transform/silver-%s.camel.yaml".formatted(dashed), transform(),
                "transform/silver_%s.sql".formatted(stream), SilverQuery.text(stream, sample, columns));
    }

    private String ingest() {
        return """
                # Events of %1$s from the broker land in bronze as they came.
                # HTTP needs no route of its own: POST /api/events/%1$s. Nor do files in drops/%1$s/ of the data folder or of a blob
                # container, where the routes of all streams are.
                - route:
                    id: land-%2$s
                    from:
                      uri: rabbitmq:events
                      parameters:
                        queue: events.%1$s
                        routingKey: %1$s
                        # a commit takes a while: so many messages may wait for one
                        prefetch: 60000
                      steps:
                        - to:
                            uri: delta:bronze.%1$s
                """.formatted(stream, dashed);
    }

    /** Moves as the route for the files of all streams does, from a folder that is not that one's. */
    private String files() {
        return """
                # Files in inbox/%1$s/ of the data folder land in bronze: CSV, NDJSON and Parquet, such as %3$s.
                # They move to processed/%1$s/; one that cannot be read at all moves to rejected/%1$s/ with a report beside it.
                - route:
                    id: land-%2$s-files
                    from:
                      uri: "file:{{wadi.data-dir:data}}/inbox/%1$s"
                      parameters:
                        delay: 1000
                        # a file is complete when nobody has written to it for so long
                        readLock: changed
                        readLockMinAge: 2s
                        readLockMinLength: 0
                        readLockTimeout: 3000
                        readLockMarkerFile: false
                        # with the time in its name: the next file of the name must not replace this one
                        move: "{{wadi.data-dir:data}}/${header.WadiOutcome}/%1$s/${file:name.noext}-${header.WadiStamp}.${file:ext}"
                      steps:
                        - setHeader:
                            name: WadiSource
                            constant: file:inbox/%1$s
                        - setHeader:
                            name: WadiStamp
                            simple: "${date:now:yyyyMMddHHmmssSSS}"
                        - setHeader:
                            name: WadiOutcome
                            constant: processed
                        - doTry:
                            steps:
                              - to:
                                  # the delimiter is found in the header and ISO 8601 is understood; for a sender with other habits
                                  # add parameters, such as dateFormat: dd.MM.yyyy, timeZone: Europe/Berlin, decimal: ","
                                  uri: delta:bronze.%1$s
                            doCatch:
                              - exception:
                                  - dev.wadi.file.UnreadableFileException
                                steps:
                                  - setHeader:
                                      name: WadiOutcome
                                      constant: rejected
                                  - setBody:
                                      simple: "${exception.message}"
                                  - to:
                                      uri: "file:{{wadi.data-dir:data}}/rejected/%1$s"
                                      parameters:
                                        fileName: "${file:name.noext}-${header.WadiStamp}.${file:ext}.report.txt"
                """.formatted(stream, dashed, named(sample.file().getFileName().toString()));
    }

    /** A name for a comment, which ends with its line. */
    private static String named(String name) {
        return name.replaceAll("\\p{Cntrl}", " ");
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
