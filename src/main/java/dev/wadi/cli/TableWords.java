package dev.wadi.cli;

import dev.wadi.contract.TableName;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

    private final String command;
    private final Map<String, String> options = new LinkedHashMap<>();
    private Optional<String> table = Optional.empty();

    private TableWords(String command) {
        this.command = command;
    }

    static boolean knows(String command) {
        return HELP.containsKey(command);
    }

    /** The commands, as {@code --help} lists them. */
    static String help() {
        StringBuilder text = new StringBuilder();
        HELP.values()
                .forEach(each -> each.lines()
                        .forEach(line -> text.append("  ").append(line).append('\n')));
        return text.toString();
    }

    static CommandLine parse(String command, List<String> words) {
        if (words.contains("--help") || words.contains("-h")) {
            return new CommandLine.Print(
                    "./wadi " + String.valueOf(HELP.get(command)).strip());
        }
        try {
            TableWords read = new TableWords(command);
            read.split(words);
            return new CommandLine.Tend(read.task());
        } catch (IllegalArgumentException e) {
            return new CommandLine.Refuse("%s: %s. See `%s --help`".formatted(command, e.getMessage(), command));
        }
    }

    private void split(List<String> words) {
        for (int index = 0; index < words.size(); index++) {
            String word = words.get(index);
            if (!word.startsWith("-")) {
                if (table.isPresent()) {
                    throw new IllegalArgumentException("'%s' is one word too many: name one table".formatted(word));
                }
                table = Optional.of(word);
            } else if (!known(word)) {
                throw new IllegalArgumentException("there is no option '%s'".formatted(word));
            } else if (word.equals("--dry-run") || word.equals("--force")) {
                options.put(word, "");
            } else if (index + 1 == words.size()) {
                throw new IllegalArgumentException("%s needs a value".formatted(word));
            } else {
                index++;
                options.put(word, words.get(index));
            }
        }
    }

    private boolean known(String option) {
        return Pattern.compile("\\s" + Pattern.quote(option) + "\\s")
                .matcher(String.valueOf(HELP.get(command)))
                .find();
    }

    private TableTask task() {
        TableName name = TableName.parse(
                table.orElseThrow(() -> new IllegalArgumentException("name a table, such as silver.bookings")));
        boolean json = json();
        return switch (command) {
            case "history" -> new TableTask.History(name, limit(), json);
            case "optimize" -> new TableTask.Optimize(name, json);
            case "vacuum" ->
                new TableTask.Vacuum(
                        name, retention(), options.containsKey("--dry-run"), options.containsKey("--force"), json);
            default -> restore(name, json);
        };
    }

    private TableTask restore(TableName name, boolean json) {
        if (options.containsKey("--version") == options.containsKey("--timestamp")) {
            throw new IllegalArgumentException("say which version: --version N or --timestamp T");
        }
        OptionalLong version = options.containsKey("--version")
                ? OptionalLong.of(number("--version", 0, Long.MAX_VALUE))
                : OptionalLong.empty();
        return new TableTask.Restore(name, version, timestamp(), json);
    }

    private Optional<Instant> timestamp() {
        try {
            return Optional.ofNullable(options.get("--timestamp"))
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "--timestamp %s is no time: write it as 2026-11-20T10:00:00Z".formatted(options.get("--timestamp")),
                    e);
        }
    }

    private boolean json() {
        String format = options.getOrDefault("--format", "text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new IllegalArgumentException("--format %s: write text or json".formatted(format));
        }
        return format.equals("json");
    }

    private int limit() {
        return options.containsKey("--limit") ? (int) number("--limit", 1, 1_000_000) : DEFAULT_LIMIT;
    }

    private long number(String option, long least, long most) {
        String text = options.getOrDefault(option, "");
        if (text.matches("\\d{1,18}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException("%s %s: write a whole number from %d on".formatted(option, text, least));
    }

    private Optional<Duration> retention() {
        String text = options.get("--retention");
        if (text == null) {
            return Optional.empty();
        }
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "--retention %s: write a number and ms, s, m, h or d, such as 7d".formatted(text));
        }
        long count = Long.parseLong(parts.group(1));
        return Optional.of(
                switch (parts.group(2)) {
                    case "d" -> Duration.ofDays(count);
                    case "h" -> Duration.ofHours(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "s" -> Duration.ofSeconds(count);
                    default -> Duration.ofMillis(count);
                });
    }
}
