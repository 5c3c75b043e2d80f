package dev.wadi.cli;

import dev.wadi.contract.TableName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the words of a command for one table: {@code vacuum silver.bookings --retention 7d}. */
final class TableWords {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final int DEFAULT_LIMIT = 20;

    private static final String FORMAT = "      --format text|json   how to print the result (text)\n";
    private static final Map<String, String> HELP = new LinkedHashMap<>();

    static {
        HELP.put("history", """
                history TABLE [options]    what was done to a table, newest first
                      --limit N            commits to print (20)
                """ + FORMAT);
        HELP.put("optimize", """
                optimize TABLE [options]   put small files together, sorted by the key, and drop deleted rows for good
                """ + FORMAT);
        HELP.put("vacuum", """
                vacuum TABLE [options]     delete the files that no version within the retention needs
                      --retention 7d       for how long versions stay readable (what the table says, else WADI_VACUUM_RETENTION)
                      --dry-run            only say what would be deleted
                      --force              allow a retention under the safety age: no other process may read then
                """ + FORMAT);
        HELP.put("restore", """
                restore TABLE [options]    bring back an older version, as a new one; history is kept
                      --version N          that version
                      --timestamp T        the newest version at that time or before, such as 2026-11-20T10:00:00Z
                """ + FORMAT);
    }

    private static final Set<String> FLAGS = Set.of("--dry-run", "--force");

    private final String command;
    private final Words words;

    private TableWords(String command, Words words) {
        this.command = command;
        this.words = words;
    }

    static boolean knows(String command) {
        return HELP.containsKey(command);
    }

    /** The commands, as {@code --help} lists them. */
    static String help() {
        return Words.indented(HELP.values());
    }

    static CommandLine parse(String command, List<String> words) {
        return Words.parse(
                command,
                HELP.getOrDefault(command, ""),
                FLAGS,
                words,
                read -> new CommandLine.Tend(new TableWords(command, read).task()));
    }

    private TableTask task() {
        if (words.names().isEmpty()) {
            throw new IllegalArgumentException("name a table, such as silver.bookings");
        }
        if (words.names().size() > 1) {
            throw new IllegalArgumentException("'%s' is one word too many: name one table"
                    .formatted(words.names().get(1)));
        }
        TableName name = TableName.parse(words.names().getFirst());
        boolean json = json();
        return switch (command) {
            case "history" -> new TableTask.History(name, limit(), json);
            case "optimize" -> new TableTask.Optimize(name, json);
            case "vacuum" ->
                new TableTask.Vacuum(name, retention(), words.has("--dry-run"), words.has("--force"), json);
            default -> restore(name, json);
        };
    }

    private TableTask restore(TableName name, boolean json) {
        if (words.has("--version") == words.has("--timestamp")) {
            throw new IllegalArgumentException("say which version: --version N or --timestamp T");
        }
        OptionalLong version = words.has("--version")
                ? OptionalLong.of(words.number("--version", 0, 0, Long.MAX_VALUE))
                : OptionalLong.empty();
        return new TableTask.Restore(name, version, words.time("--timestamp"), json);
    }

    private boolean json() {
        String format = words.text("--format", "text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new IllegalArgumentException("--format %s: write text or json".formatted(format));
        }
        return format.equals("json");
    }

    private int limit() {
        return (int) words.number("--limit", DEFAULT_LIMIT, 1, 1_000_000);
    }

    private Optional<Duration> retention() {
        return words.text("--retention").map(TableWords::duration);
    }

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "--retention %s: write a number and ms, s, m, h or d, such as 7d".formatted(text));
        }
        long count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "d" -> Duration.ofDays(count);
            case "h" -> Duration.ofHours(count);
            case "m" -> Duration.ofMinutes(count);
            case "s" -> Duration.ofSeconds(count);
            default -> Duration.ofMillis(count);
        };
    }
}
