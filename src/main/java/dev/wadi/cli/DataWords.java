package dev.wadi.cli;

import dev.wadi.generator.Destination;
import dev.wadi.generator.Options;
import dev.wadi.generator.SyntheticStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
                      --file-rows N        the most rows that a dropped file has (200000)
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
                      --among-others       the stream has had other events, too: do not look at what the truth does not name
                      --within 60s         try again for so long while they differ (0s)
                      --limit N            differences to print (100)
                """);
    }

    private final String command;
    private final Words words;

    private DataWords(String command, Words words) {
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
                Set.of("--among-others"),
                words,
                read -> new CommandLine.Data(new DataWords(command, read).task()));
    }

    private DataTask task() {
        return switch (command) {
            case "generate" -> words.names().equals(List.of("shop")) ? shop() : generate();
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
        Destination to = Destination.named(words.text("--to", "file"));
        to.check(stream, faults);
        return new DataTask.Generate(
                stream,
                faults,
                number("--count", 1_000, 0),
                number("--rate", 0, 0),
                to,
                new Destination.Details(words.text("--at"), words.text("--topic"), (int)
                        words.number("--file-rows", Destination.Details.FILE_ROWS, 1, Integer.MAX_VALUE)),
                words.text("--truth").map(Path::of));
    }

    private DataTask shop() {
        List<String> other = words.options().stream()
                .filter(option ->
                        !List.of("--count", "--seed", "--start", "--at").contains(option))
                .toList();
        if (!other.isEmpty()) {
            throw new IllegalArgumentException("shop has no option %s".formatted(other.getFirst()));
        }
        return new DataTask.Shop(
                Path.of(words.text("--at").orElse(".")),
                number("--seed", 1, Long.MIN_VALUE),
                start(),
                number("--count", 1_000, 1));
    }

    private DataTask load() {
        if (words.names().isEmpty()) {
            throw new IllegalArgumentException("name the files: load-csv customers.csv products.csv orders.csv");
        }
        return new DataTask.LoadCsv(
                words.names().stream().map(Path::of).toList(), words.text("--schema", "public"), words.text("--jdbc"));
    }

    private DataTask simulate() {
        none();
        return new DataTask.Simulate(
                words.text("--schema", "shop"),
                number("--count", 0, 0),
                number("--rate", 10, 0),
                number("--seed", 1, Long.MIN_VALUE),
                words.text("--jdbc"));
    }

    private DataTask infer() {
        Path sample = Path.of(one("a sample: a file of CSV, NDJSON or Parquet"));
        return new DataTask.Infer(
                sample,
                words.text("--stream")
                        .orElseThrow(() -> new IllegalArgumentException("name the stream: --stream sensors")));
    }

    private void none() {
        if (!words.names().isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' is one word too many".formatted(words.names().getFirst()));
        }
    }

    private DataTask verify() {
        none();
        Path truth = words.text("--truth")
                .map(Path::of)
                .orElseThrow(() -> new IllegalArgumentException("name the file that generate wrote: --truth FILE"));
        return new DataTask.Verify(
                truth,
                words.text("--lake").map(Path::of),
                words.has("--among-others"),
                duration("--within"),
                number("--limit", 100, 0));
    }

    private String one(String what) {
        if (words.names().size() != 1) {
            throw new IllegalArgumentException("name " + what);
        }
        return words.names().getFirst();
    }

    private double share(String option) {
        String text = words.text(option, "0");
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
        return words.number(option, otherwise, least, Long.MAX_VALUE);
    }

    private Instant start() {
        return words.time("--start")
                .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.DAYS).minus(7, ChronoUnit.DAYS));
    }

    private Duration duration(String option) {
        String text = words.text(option, "0s");
        if (!text.matches("\\d{1,6}s")) {
            throw new IllegalArgumentException("%s %s: write seconds, such as 60s".formatted(option, text));
        }
        return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
    }
}
