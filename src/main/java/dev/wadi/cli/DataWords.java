package dev.wadi.cli;

import dev.wadi.generator.Destination;
import dev.wadi.generator.Options;
import dev.wadi.generator.SyntheticStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the words of a command about data: {@code generate bookings --count 1000 --duplicates 1%}. */
final class DataWords {
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)(%?)");
    private static final Map<String, String> HELP = new LinkedHashMap<>();

    static {
        HELP.put("generate", """
                generate STREAM [options]  make events of bookings or clickstream, the same for the same seed; or, as STREAM, shop:
                                           --count orders with their customers and products, as CSV files in the folder --at
                      --count N            events (1000)
                      --rate N             events in a second (as fast as it goes)
                      --seed N             another seed, another story (1)
                      --start T            when the story begins (midnight, UTC, seven days ago)
                      --to WHERE           %s (file)
                      --at ADDRESS         where that is: a path, host:port or URI (standard output; where Wadi listens or looks)
                      --topic NAME         of Kafka (topic_0 for clickstream)
                      --duplicates 1%%      share that arrives twice
                      --out-of-order 1%%    share that arrives after its successor
                      --late 1%%            share that arrives a thousand events later and more
                      --ties 1%%            share that has a rival of the same key and time
                      --nulls 1%%           share with a null in a field that may have one
                      --drift 1%%           share with a field that the contract does not know
                      --malformed 1%%       share that does not fit the contract
                      --truth FILE         write what the tables must hold in the end
                """.formatted(Destination.names()));
        HELP.put("load-csv", """
                load-csv FILE... [options] load CSV files into PostgreSQL, all or none, each into the table of its name
                      --jdbc URL           the database (JDBC_URL, or the embedded one)
                      --schema NAME        of the tables (public)
                """);
        HELP.put("simulate", """
                simulate [options]         let a shop work: insert, update and delete customers, products and orders
                      --rate N             steps in a second, each a transaction (10); 0 for as fast as it goes
                      --count N            steps (until it is stopped)
                      --seed N             another seed, other steps (1)
                      --schema NAME        of the tables (shop)
                      --jdbc URL           the database (JDBC_URL, or the embedded one)
                """);
        HELP.put("infer", """
                infer FILE --stream NAME   write contracts and routes for a new stream, guessed from CSV, NDJSON or Parquet
                """);
        HELP.put("verify", """
                verify --truth FILE        compare the lake with a truth and tell each difference; ends with 0 when there is none, else 1
                      --lake DIR           the lake (WADI_LAKE)
                      --within 60s         try again for so long while they differ (0s)
                      --limit N            differences to print (100)
                """);
    }

    private final String command;
    private final Map<String, String> options = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();

    private DataWords(String command) {
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
            DataWords read = new DataWords(command);
            read.split(words);
            return new CommandLine.Data(read.task());
        } catch (IllegalArgumentException e) {
            return new CommandLine.Refuse("%s: %s. See `%s --help`".formatted(command, e.getMessage(), command));
        }
    }

    private void split(List<String> words) {
        for (int index = 0; index < words.size(); index++) {
            String word = words.get(index);
            if (!word.startsWith("-")) {
                names.add(word);
            } else if (!known(word)) {
                throw new IllegalArgumentException("there is no option '%s'".formatted(word));
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

    private DataTask task() {
        return switch (command) {
            case "generate" -> names.equals(List.of("shop")) ? shop() : generate();
            case "load-csv" -> load();
            case "simulate" -> simulate();
            case "infer" -> infer();
            default -> verify();
        };
    }

    private DataTask generate() {
        SyntheticStream stream = SyntheticStream.named(one("a stream: bookings or clickstream"));
        Options faults = new Options(
                number("--seed", 1, Long.MIN_VALUE),
                start(),
                share("--duplicates"),
                share("--out-of-order"),
                share("--malformed"),
                share("--late"),
                share("--ties"),
                share("--nulls"),
                share("--drift"));
        Destination to = Destination.named(options.getOrDefault("--to", "file"));
        to.check(stream, faults);
        return new DataTask.Generate(
                stream,
                faults,
                number("--count", 1_000, 0),
                number("--rate", 0, 0),
                to,
                text("--at"),
                text("--topic"),
                text("--truth").map(Path::of));
    }

    private DataTask shop() {
        List<String> other = options.keySet().stream()
                .filter(option ->
                        !List.of("--count", "--seed", "--start", "--at").contains(option))
                .toList();
        if (!other.isEmpty()) {
            throw new IllegalArgumentException("shop has no option %s".formatted(other.getFirst()));
        }
        return new DataTask.Shop(
                Path.of(text("--at").orElse(".")),
                number("--seed", 1, Long.MIN_VALUE),
                start(),
                number("--count", 1_000, 1));
    }

    private DataTask load() {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("name the files: load-csv customers.csv products.csv orders.csv");
        }
        return new DataTask.LoadCsv(
                names.stream().map(Path::of).toList(), options.getOrDefault("--schema", "public"), text("--jdbc"));
    }

    private DataTask simulate() {
        none();
        return new DataTask.Simulate(
                options.getOrDefault("--schema", "shop"),
                number("--count", 0, 0),
                number("--rate", 10, 0),
                number("--seed", 1, Long.MIN_VALUE),
                text("--jdbc"));
    }

    private DataTask infer() {
        Path sample = Path.of(one("a sample: a file of CSV, NDJSON or Parquet"));
        return new DataTask.Infer(
                sample,
                text("--stream").orElseThrow(() -> new IllegalArgumentException("name the stream: --stream sensors")));
    }

    private void none() {
        if (!names.isEmpty()) {
            throw new IllegalArgumentException("'%s' is one word too many".formatted(names.getFirst()));
        }
    }

    private DataTask verify() {
        none();
        Path truth = text("--truth")
                .map(Path::of)
                .orElseThrow(() -> new IllegalArgumentException("name the file that generate wrote: --truth FILE"));
        return new DataTask.Verify(
                truth, text("--lake").map(Path::of), duration("--within"), number("--limit", 100, 0));
    }

    private String one(String what) {
        if (names.size() != 1) {
            throw new IllegalArgumentException("name " + what);
        }
        return names.getFirst();
    }

    private Optional<String> text(String option) {
        return Optional.ofNullable(options.get(option));
    }

    private double share(String option) {
        String text = options.getOrDefault(option, "0");
        Matcher parts = SHARE.matcher(text);
        if (parts.matches()) {
            double share = Double.parseDouble(parts.group(1)) / (parts.group(2).isEmpty() ? 1 : 100);
            if (share <= 1) {
                return share;
            }
        }
        throw new IllegalArgumentException("%s %s: write a share such as 1%% or 0.01".formatted(option, text));
    }

    private long number(String option, long otherwise, long least) {
        String text = options.get(option);
        if (text == null) {
            return otherwise;
        }
        if (text.matches("-?\\d{1,18}") && Long.parseLong(text) >= least) {
            return Long.parseLong(text);
        }
        throw new IllegalArgumentException("%s %s: write a whole number%s"
                .formatted(option, text, least == Long.MIN_VALUE ? "" : " from %d on".formatted(least)));
    }

    private Instant start() {
        String text = options.get("--start");
        if (text == null) {
            return Instant.now().truncatedTo(ChronoUnit.DAYS).minus(7, ChronoUnit.DAYS);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "--start %s is no time: write it as 2026-11-20T10:00:00Z".formatted(text), e);
        }
    }

    private Duration duration(String option) {
        String text = options.getOrDefault(option, "0s");
        if (!text.matches("\\d{1,6}s")) {
            throw new IllegalArgumentException("%s %s: write seconds, such as 60s".formatted(option, text));
        }
        return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
    }
}
