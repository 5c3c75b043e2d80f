package dev.wadi.cli;

import dev.wadi.contract.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the words of {@code rebuild gold.fact_orders --compare}. */
final class RebuildWords {
    private static final String COMMAND = "rebuild";
    private static final String ALL = "all";
    private static final String HELP = """
            rebuild TABLE|all [options]  make a table of gold anew from its sources, and put it in place in one commit when it differs
                  --compare            only say what differs
                  --format text|json   how to print the result (text)
            """;

    private RebuildWords() {}

    /** The command, as {@code --help} lists it. */
    static String help() {
        return Words.indented(List.of(HELP));
    }

    static CommandLine parse(List<String> words) {
        return Words.parse(COMMAND, HELP, Set.of("--compare"), words, RebuildWords::renew);
    }

    private static CommandLine renew(Words words) {
        if (words.names().size() != 1) {
            throw new IllegalArgumentException("name one table, such as gold.fact_orders, or all");
        }
        String format = words.text("--format", "text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new IllegalArgumentException("--format %s: write text or json".formatted(format));
        }
        String name = words.names().getFirst();
        return new CommandLine.Renew(
                name.equals(ALL) ? Optional.empty() : Optional.of(TableName.parse(name)),
                words.has("--compare"),
                format.equals("json"));
    }
}
