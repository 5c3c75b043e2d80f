package dev.wadi.cli;

import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What the words after {@code ./wadi} ask for. */
public sealed interface CommandLine {

    /** Run the server. */
    record Serve() implements CommandLine {}

    /** Do something for one table and end. */
    record Tend(TableTask task) implements CommandLine {}

    /** Make data, bring some in, or compare, and end. */
    record Data(DataTask task) implements CommandLine {}

    /** Check all that was written and end. */
    record Lint(boolean json) implements CommandLine {}

    /** Run one route on the events of a file and end. */
    record Try(String route, Optional<Path> input, boolean json) implements CommandLine {}

    /**
     * Make tables anew from their sources and end.
     *
     * @param table empty for all of gold
     * @param compare whether only to say what differs
     */
    record Renew(Optional<TableName> table, boolean compare, boolean json) implements CommandLine {}

    /** Run one statement in the database that routes read, and end. */
    record Query(String statement) implements CommandLine {}

    /** Print {@code text} and end well. */
    record Print(String text) implements CommandLine {}

    /** Complain with {@code text} and end badly. */
    record Refuse(String text) implements CommandLine {}

    /** @param version of this build, as {@code --version} prints it */
    static CommandLine parse(String version, String... words) {
        if (words.length == 0) {
            return new Serve();
        }
        if (TableWords.knows(words[0])) {
            return TableWords.parse(words[0], Arrays.asList(words).subList(1, words.length));
        }
        if (DataWords.knows(words[0])) {
            return DataWords.parse(words[0], Arrays.asList(words).subList(1, words.length));
        }
        if (RouteWords.knows(words[0])) {
            return RouteWords.parse(words[0], Arrays.asList(words).subList(1, words.length));
        }
        if (words[0].equals("rebuild")) {
            return RebuildWords.parse(Arrays.asList(words).subList(1, words.length));
        }
        if (words[0].equals("sql")) {
            return words.length == 1
                    ? new Refuse(
                            "sql needs a statement, such as: sql \"SELECT count(*) FROM pipeline.clickstream_data\"")
                    : new Query(String.join(" ", Arrays.asList(words).subList(1, words.length)));
        }
        if (words.length == 1) {
            switch (words[0]) {
                case "--help", "-h", "help" -> {
                    return new Print(Help.text());
                }
                case "--version", "-V", "version" -> {
                    return new Print("wadi " + version);
                }
                default -> {
                    // falls to the refusal
                }
            }
        }
        return new Refuse(
                "'%s' is not understood: start Wadi without any word, with a command, or with --help or --version."
                        .formatted(String.join(" ", words)));
    }
}
