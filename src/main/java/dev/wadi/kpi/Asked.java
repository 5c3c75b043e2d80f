package dev.wadi.kpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a question as they came, each with its values in order. Strict: what is not understood is refused. */
final class Asked {
    private final Map<String, List<String>> parameters;

    Asked(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    void only(List<String> known) {
        for (String name : parameters.keySet()) {
            if (!known.contains(name)) {
                throw new QuestionException(
                        name, "There is no parameter '%s'. Use %s.".formatted(name, String.join(", ", known)), known);
            }
        }
    }

    /** Empty when it is not there or has no text. */
    Optional<String> single(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new QuestionException(
                    name, "%s is there %d times. Write it once.".formatted(name, values.size()), List.of("once"));
        }
        return values.stream().filter(value -> !value.isBlank()).findFirst();
    }

    List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /** The words of a list with commas, which may be there several times. */
    List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (String list : all(name)) {
            for (String word : list.split(",", -1)) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
        }
        return words;
    }

    long number(String name, long otherwise, long least, long most) {
        Optional<String> text = single(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new QuestionException(
                name,
                "%s=%s is out of range. Write a whole number from %d to %d.".formatted(name, text.get(), least, most),
                List.of("%d..%d".formatted(least, most)));
    }

    boolean flag(String name) {
        String text = single(name).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw new QuestionException(
                    name,
                    "%s=%s is neither true nor false. Write one of them.".formatted(name, text),
                    List.of("true", "false"));
        }
        return text.equals("true");
    }
}
