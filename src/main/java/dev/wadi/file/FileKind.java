package dev.wadi.file;

import java.util.Locale;

/** The kinds of files that rows come in. */
public enum FileKind {
    CSV,
    NDJSON,
    PARQUET;

    /**
     * What the end of a name tells, with or without {@code .gz}.
     *
     * @throws UnreadableFileException when it tells none
     */
    public static FileKind of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        String ending = plain.substring(plain.lastIndexOf('.') + 1);
        return switch (ending) {
            case "csv", "tsv", "tab", "txt" -> CSV;
            case "ndjson", "jsonl", "json" -> NDJSON;
            case "parquet" -> PARQUET;
            default ->
                throw new UnreadableFileException(
                        "'%s' does not say what it is. Name it .csv, .ndjson or .parquet (.gz may follow the first two), or set format= in the route."
                                .formatted(fileName));
        };
    }
}
