package dev.wadi.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The words behind a command, told apart: names, and options with their values. The help of the command says which options
 * there are.
 */
final class Words {
    private final List<String> names = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    private Words() {}

    /**
     * Reads the words of a command; {@code --help} among them asks for its help.
     *
     * @param flags options without a value
     * @param meaning makes a task of the words; an {@link IllegalArgumentException} of it refuses them
     */
    static CommandLine parse(
            String command, String help, Set<String> flags, List<String> words, Function<Words, CommandLine> meaning) {
        if (words.contains("--help") || words.contains("-h")) {
            return new CommandLine.Print("./wadi " + help.strip());
        }
        try {
            Words read = new Words();
            read.split(help, flags, words);
            return meaning.apply(read);
        } catch (IllegalArgumentException e) {
            return new CommandLine.Refuse("%s: %s. See `%s --help`".formatted(command, e.getMessage(), command));
        }
    }

    /** The texts of several commands, indented as {@code --help} lists them. */
    static String indented(Iterable<String> texts) {
        StringBuilder all = new StringBuilder();
        texts.forEach(text -> all.append(text.indent(2)));
        return all.toString();
    }

    private void split(String help, Set<String> flags, List<String> words) {
        for (int index = 0; index < words.size(); index++) {
            String word = words.get(index);
            if (!word.startsWith("-")) {
                names.add(word);
            } else if (!Pattern.compile("\\s" + Pattern.quote(word) + "\\s")
                    .matcher(help)
                    .find()) {
                throw new IllegalArgumentException("there is no option '%s'".formatted(word));
            } else if (flags.contains(word)) {
                options.put(word, "");
            } else if (index + 1 == words.size()) {
                throw new IllegalArgumentException("%s needs a value".formatted(word));
            } else {
                index++;
                options.put(word, words.get(index));
            }
        }
    }

    List<String> names() {
        return names;
    }

    Set<String> options() {
        return options.keySet();
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    Optional<String> text(String option) {
        return Optional.ofNullable(options.get(option));
    }

    String text(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }

    long number(String option, long otherwise, long least, long most) {
        String text = options.get(option);
        if (text == null) {
            return otherwise;
        }
        if (text.matches("-?\\d{1,18}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException("%s %s: write a whole number%s"
                .formatted(option, text, least == Long.MIN_VALUE ? "" : " from %d on".formatted(least)));
    }

    Optional<Instant> time(String option) {
        try {
            return text(option).map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "%s %s is no time: write it as 2026-11-20T10:00:00Z".formatted(option, options.get(option)), e);
        }
    }
}
