package dev.wadi.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The forms that the answer to a statement can be written in. */
enum SqlFormat {
    /** A JSON document with a member for each row. */
    JSON(MediaType.APPLICATION_JSON_TYPE),
    /** A JSON document with a list for each column. */
    COLUMNS(MediaType.APPLICATION_JSON_TYPE),
    CSV(MediaType.TEXT_CSV_TYPE);

    private final MediaType mediaType;

    SqlFormat(MediaType mediaType) {
        this.mediaType = mediaType;
    }

    MediaType mediaType() {
        return mediaType;
    }

    static List<String> words() {
        return Arrays.stream(values())
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * The one that {@code word} names, or else the first that {@code Accept} takes.
     *
     * @throws Problem 400 for a format that there is not, 406 when none of those there are is accepted
     */
    static SqlFormat of(@Nullable String word, HttpRequest<?> request) {
        if (word != null) {
            return Arrays.stream(values())
                    .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst()
                    .orElseThrow(() -> Parameters.problem(
                            "format",
                            "format=%s is no format. Use %s.".formatted(word, String.join(", ", words())),
                            words()));
        }
        for (MediaType accepted : request.accept()) {
            for (SqlFormat format : values()) {
                if (accepted.matches(format.mediaType)) {
                    return format;
                }
            }
        }
        if (request.accept().isEmpty()) {
            return JSON;
        }
        List<String> types = List.of(JSON.mediaType.getName(), CSV.mediaType.getName());
        throw new Problem(
                        HttpStatus.NOT_ACCEPTABLE,
                        "No such format",
                        "An answer is not written as %s. Accept one of %s."
                                .formatted(request.accept().iterator().next().getName(), String.join(", ", types)))
                .with("allowed", types);
    }
}
