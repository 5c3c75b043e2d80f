package dev.wadi.api;

import dev.wadi.kpi.AnswerFormat;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The format of an answer: the one that {@code format=} names, or else the first that {@code Accept} takes. */
final class AcceptedFormat {
    private AcceptedFormat() {}

    /**
     * @param words the values of {@code format}
     * @throws Problem 400 for a format that there is not, 406 when none of those there are is accepted
     */
    static AnswerFormat of(List<String> words, HttpRequest<?> request) {
        if (words.size() > 1) {
            throw Parameters.problem(
                    KpiController.FORMAT,
                    "%s is there %d times. Write it once.".formatted(KpiController.FORMAT, words.size()),
                    List.of("once"));
        }
        if (!words.isEmpty() && !words.getFirst().isBlank()) {
            String word = words.getFirst();
            return AnswerFormat.find(word)
                    .orElseThrow(() -> Parameters.problem(
                            KpiController.FORMAT,
                            "%s=%s is no format. Use %s."
                                    .formatted(KpiController.FORMAT, word, String.join(", ", AnswerFormat.words())),
                            AnswerFormat.words()));
        }
        Collection<MediaType> accepted = request.accept();
        for (MediaType type : accepted) {
            Optional<AnswerFormat> format = format(type);
            if (format.isPresent()) {
                return format.get();
            }
        }
        if (accepted.isEmpty()) {
            return AnswerFormat.JSON;
        }
        throw new Problem(
                        HttpStatus.NOT_ACCEPTABLE,
                        "No such format",
                        "An answer is not written as %s. Accept one of %s, or write format=%s."
                                .formatted(
                                        accepted.iterator().next().getName(),
                                        String.join(", ", AnswerFormat.mediaTypes()),
                                        AnswerFormat.CSV.word()))
                .with("allowed", AnswerFormat.mediaTypes());
    }

    private static Optional<AnswerFormat> format(MediaType type) {
        String name = type.getName();
        if (name.equals("*/*") || name.equals("application/*")) {
            return Optional.of(AnswerFormat.JSON);
        }
        return name.equals("text/*") ? Optional.of(AnswerFormat.CSV) : AnswerFormat.ofMediaType(name);
    }
}
