package dev.wadi.api;

import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query parameters of a request. A name that is not known is refused: a misspelt one must not go unnoticed. */
final class Parameters {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Parameters() {}

    static Parameters of(HttpRequest<?> request) {
        Parameters parameters = new Parameters();
        HttpParameters all = request.getParameters();
        for (String name : all.names()) {
            parameters.values.put(name, List.copyOf(all.getAll(name)));
        }
        return parameters;
    }

    Map<String, List<String>> all() {
        return values;
    }

    /** @throws Problem when there is any other parameter */
    Parameters only(List<String> allowed) {
        for (String name : values.keySet()) {
            if (!allowed.contains(name)) {
                throw problem(
                        name,
                        allowed.isEmpty()
                                ? "There is no parameter '%s': this address takes none.".formatted(name)
                                : "There is no parameter '%s'. Use %s.".formatted(name, String.join(", ", allowed)),
                        allowed);
            }
        }
        return this;
    }

    /** Empty when it is not there or has no text. */
    Optional<String> text(String name) {
        List<String> texts = values.getOrDefault(name, List.of());
        if (texts.size() > 1) {
            throw problem(name, "%s is there %d times. Write it once.".formatted(name, texts.size()), List.of("once"));
        }
        return texts.stream().filter(text -> !text.isBlank()).findFirst();
    }

    int number(String name, int otherwise, int least, int most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw problem(
                name,
                "%s=%s is out of range. Write a whole number from %d to %d.".formatted(name, text.get(), least, most),
                List.of("%d..%d".formatted(least, most)));
    }

    /** A moment, with its offset from UTC. */
    Optional<Instant> time(String name) {
        return text(name).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw problem(
                        name,
                        "%s=%s is no time. Write it with its offset, such as 2026-01-31T12:00:00Z."
                                .formatted(name, text),
                        List.of("YYYY-MM-DDThh:mm:ssZ"));
            }
        });
    }

    Optional<Long> version(String name) {
        return text(name).map(text -> {
            if (!text.matches("\\d{1,18}")) {
                throw problem(
                        name,
                        "%s=%s is no version. Write a whole number from 0 on.".formatted(name, text),
                        List.of("0.."));
            }
            return Long.parseLong(text);
        });
    }

    /** 400, with the parameter and what could have been written. */
    static Problem problem(String parameter, String detail, List<String> allowed) {
        return new Problem(HttpStatus.BAD_REQUEST, "Parameter not understood", detail)
                .with("parameter", parameter)
                .with("allowed", allowed);
    }
}
