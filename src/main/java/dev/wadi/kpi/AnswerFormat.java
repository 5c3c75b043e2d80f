package dev.wadi.kpi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The forms that an answer can be written in. */
public enum AnswerFormat {
    /** A JSON document with a member for each row. */
    JSON("application/json"),
    /** A JSON document with a list for each column. */
    COLUMNS("application/json"),
    CSV("text/csv"),
    /** A stream of Arrow record batches. */
    ARROW("application/vnd.apache.arrow.stream"),
    PARQUET("application/vnd.apache.parquet");

    private final String mediaType;

    AnswerFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /** As people write it, and the ending of a file that holds it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<AnswerFormat> find(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst();
    }

    /** The first that has the media type. */
    public static Optional<AnswerFormat> ofMediaType(String mediaType) {
        return Arrays.stream(values())
                .filter(format -> format.mediaType.equals(mediaType))
                .findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(AnswerFormat::word).toList();
    }

    public static List<String> mediaTypes() {
        return Arrays.stream(values()).map(AnswerFormat::mediaType).distinct().toList();
    }
}
