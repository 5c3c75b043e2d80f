package dev.wadi.kpi;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.kpi.KpiSection.Text;
import dev.wadi.yaml.Mistakes;
import dev.wadi.yaml.Section;
import dev.wadi.yaml.YamlFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** One {@code *.kpi.yaml} on its way to a {@link Kpi}. */
final class KpiFile {
    private static final Set<String> KEYS = new LinkedHashSet<>(List.of(
            "name",
            "title",
            "description",
            "unit",
            "format",
            "owner",
            "table",
            "measure",
            "additivity",
            "time",
            "instant",
            "grains",
            "filter",
            "alwaysBy",
            "dimensions",
            "rowFilter",
            "defaults",
            "tests"));
    private static final Set<String> FORMAT_KEYS = new LinkedHashSet<>(List.of("style", "decimals"));
    private static final Set<String> DEFAULT_KEYS = new LinkedHashSet<>(List.of("where", "order", "limit"));
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final Path file;
    private final Contracts contracts;
    private final SqlCheck sql;
    private final Mistakes mistakes;

    KpiFile(Path file, Contracts contracts, SqlCheck sql, Mistakes mistakes) {
        this.file = file;
        this.contracts = contracts;
        this.sql = sql;
        this.mistakes = mistakes;
    }

    /** A definition with its tests, and the line that names it. */
    record Named(Kpi kpi, List<KpiTest> tests, Path file, int line) {}

    /** Empty when there was a mistake. */
    Optional<Named> read() {
        int before = mistakes.count();
        Section root = new YamlFile(file, mistakes).root("a KPI definition", "name: average-order-value");
        if (root == null) {
            return Optional.empty();
        }
        KpiSection kpi = new KpiSection(root, KEYS);
        String name = name(kpi);
        String title = text(kpi, "title", "Revenue");
        String description = text(kpi, "description", "What is counted, and what is left out.");
        String unit = text(kpi, "unit", "orders");
        String owner = text(kpi, "owner", "sales");
        Display display = display(kpi);
        List<Grain> grains = grains(kpi);
        MeasureSection measures = new MeasureSection(kpi, sql);
        Optional<Measure> measure = measures.read();
        Optional<Additivity> additivity = measures.additivity();
        Optional<Text> time = kpi.required("time", "booked_date");
        Optional<Text> filter = kpi.optional("filter", "status <> 'cancelled'");
        Optional<Contract> table = ContractWords.table(contracts, kpi);
        Optional<TimeColumns> columns = Optional.empty();
        List<Dimension> dimensions = List.of();
        if (table.isPresent()) {
            Contract contract = table.get();
            dimensions = new DimensionsSection(contracts).read(kpi, contract);
            if (time.isPresent()) {
                columns = time(kpi, contract, time.get());
            }
            if (columns.isPresent()) {
                hours(kpi, grains, columns.get());
                measure.ifPresent(
                        given -> measures.check(given, contract, time.get().value(), additivity));
            }
            filter.ifPresent(condition -> sql.filter(contract, condition.value())
                    .ifPresent(problem -> kpi.mistake(
                            condition.line(),
                            problem,
                            "Write an SQL condition on the columns of " + contract.table())));
        }
        Set<String> names = dimensionNames(kpi);
        List<String> alwaysBy = alwaysBy(kpi, names);
        List<RowFilter> rowFilters = rowFilters(kpi, names);
        Defaults defaults = defaults(kpi);
        List<KpiTest> tests = new TestsSection(kpi, contracts).read();
        if (mistakes.count() > before) {
            return Optional.empty();
        }
        Kpi read = new Kpi(
                name,
                title,
                description,
                unit,
                owner,
                display,
                table.orElseThrow().table(),
                measure.orElseThrow(),
                sql.valueType(table.orElseThrow(), measure.orElseThrow()),
                additivity.orElseThrow(),
                columns.orElseThrow(),
                grains,
                dimensions,
                filter.map(Text::value).orElse(null),
                alwaysBy,
                rowFilters,
                defaults);
        try {
            ask(read);
        } catch (QuestionException wrong) {
            kpi.mistake(
                    kpi.line("defaults"),
                    "the defaults are no question: "
                            + String.valueOf(wrong.getMessage()).replaceFirst("\\.$", ""),
                    "Write them as in an address");
            return Optional.empty();
        }
        return Optional.of(new Named(read, tests, file, kpi.line("name")));
    }

    /** Asks what the defaults say. */
    private static void ask(Kpi kpi) {
        Map<String, List<String>> nothing = kpi.grains().isEmpty()
                ? Map.of()
                : Map.of("grain", List.of(kpi.grains().getFirst().word()));
        QuestionReader.read(kpi, nothing, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), Claims.OPEN);
    }

    private String name(KpiSection kpi) {
        Optional<Text> name = kpi.required("name", "average-order-value");
        name.filter(text -> !NAME.matcher(text.value()).matches())
                .ifPresent(text -> kpi.mistake(
                        text.line(),
                        "the name '%s' cannot stand in an address".formatted(text.value()),
                        "Write it in lower case with - between words, such as average-order-value"));
        return name.map(Text::value).orElse("");
    }

    private static String text(KpiSection kpi, String key, String example) {
        return kpi.required(key, example).map(Text::value).orElse("");
    }

    /** A word for the style, or a mapping with the decimals, too. */
    private static Display display(KpiSection kpi) {
        if (kpi.node("format").orElse(null) instanceof MappingNode mapping) {
            KpiSection format = kpi.in(mapping, FORMAT_KEYS);
            return new Display(
                    style(format, format.required("style", "percent")),
                    format.number("decimals", 0, Display.MOST_DECIMALS).orElse(0));
        }
        return new Display(style(kpi, kpi.optional("format", "percent")), 0);
    }

    private static Display.Style style(KpiSection section, Optional<Text> word) {
        Optional<Display.Style> style = word.flatMap(text -> Display.Style.find(text.value()));
        if (word.isPresent() && style.isEmpty()) {
            section.mistake(
                    word.get().line(),
                    "unknown format '%s'".formatted(word.get().value()),
                    "Use one of " + String.join(", ", Display.Style.words()));
        }
        return style.orElse(Display.Style.NUMBER);
    }

    private List<Grain> grains(KpiSection kpi) {
        List<Grain> grains = new ArrayList<>();
        if (kpi.node("grains").isEmpty()) {
            kpi.mistake(kpi.line("grains"), "'grains' is missing", "Write grains: [day, month]");
        }
        for (Text word : kpi.list("grains", "day, month")) {
            Optional<Grain> grain = Grain.find(word.value());
            if (grain.isEmpty()) {
                kpi.mistake(
                        word.line(),
                        "unknown grain '%s'".formatted(word.value()),
                        "Use only " + String.join(", ", Grain.words()));
            } else if (grains.contains(grain.get())) {
                kpi.mistake(word.line(), "the grain '%s' is there twice".formatted(word.value()), "Keep one of them");
            } else {
                grains.add(grain.get());
            }
        }
        return grains;
    }

    /** The columns that {@code time} and {@code instant} name; empty after a mistake. */
    private static Optional<TimeColumns> time(KpiSection kpi, Contract contract, Text time) {
        Optional<Column> column = ContractWords.column(kpi, contract, time);
        Optional<Text> instant = kpi.optional("instant", "booked_at");
        if (instant.isPresent()) {
            Optional<Column> moment = ContractWords.column(kpi, contract, instant.get());
            if (moment.isEmpty() || column.isEmpty()) {
                return Optional.empty();
            }
            if (moment.get().type() != ColumnType.Simple.TIMESTAMP
                    || column.get().type() != ColumnType.Simple.DATE) {
                kpi.mistake(
                        instant.get().line(),
                        "'instant' stands beside a date, and %s is a %s beside a %s"
                                .formatted(
                                        instant.get().value(),
                                        moment.get().type().sql(),
                                        column.get().type().sql()),
                        "Name a column of type TIMESTAMP whose day in UTC is in a DATE column under 'time', or leave it out");
                return Optional.empty();
            }
            return Optional.of(new TimeColumns(time.value(), instant.get().value()));
        }
        if (column.isEmpty()) {
            return Optional.empty();
        }
        if (column.get().type() == ColumnType.Simple.DATE) {
            return Optional.of(new TimeColumns(time.value(), null));
        }
        if (column.get().type() == ColumnType.Simple.TIMESTAMP) {
            return Optional.of(new TimeColumns(null, time.value()));
        }
        kpi.mistake(
                time.line(),
                "the column '%s' of %s is a %s, neither a date nor a timestamp"
                        .formatted(
                                time.value(),
                                contract.table(),
                                column.get().type().sql()),
                "Name a column of type DATE or TIMESTAMP");
        return Optional.empty();
    }

    private static void hours(KpiSection kpi, List<Grain> grains, TimeColumns time) {
        if (grains.contains(Grain.HOUR) && time.instant() == null) {
            kpi.mistake(
                    kpi.line("grains"),
                    "the grain 'hour' needs a time of day, and the column '%s' holds whole days".formatted(time.day()),
                    "Leave the grain out, or name a TIMESTAMP column with instant: booked_at");
        }
    }

    private static Set<String> dimensionNames(KpiSection kpi) {
        return kpi.node("dimensions")
                .filter(MappingNode.class::isInstance)
                .map(MappingNode.class::cast)
                .map(mapping -> mapping.getValue().stream()
                        .map(tuple -> tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "")
                        .collect(Collectors.toCollection(LinkedHashSet::new)))
                .orElseGet(LinkedHashSet::new);
    }

    private static List<String> alwaysBy(KpiSection kpi, Set<String> dimensions) {
        List<String> names = new ArrayList<>();
        for (Text name : kpi.list("alwaysBy", "currency")) {
            known(kpi, "alwaysBy", name, dimensions);
            names.add(name.value());
        }
        return names;
    }

    private static List<RowFilter> rowFilters(KpiSection kpi, Set<String> dimensions) {
        List<RowFilter> filters = new ArrayList<>();
        kpi.mapping("rowFilter", Set.of(), "agency: agencies").ifPresent(section -> {
            for (String dimension : section.keys()) {
                known(kpi, "rowFilter", new Text(dimension, section.line(dimension)), dimensions);
                section.optional(dimension, "agencies")
                        .ifPresent(claim -> filters.add(new RowFilter(dimension, claim.value())));
            }
        });
        return filters;
    }

    private static void known(KpiSection kpi, String key, Text name, Set<String> dimensions) {
        if (!dimensions.contains(name.value())) {
            kpi.mistake(
                    name.line(),
                    "%s names '%s', which is no dimension".formatted(key, name.value()),
                    "Use one of %s, or add it under dimensions".formatted(String.join(", ", dimensions)));
        }
    }

    private static Defaults defaults(KpiSection kpi) {
        return kpi.mapping("defaults", DEFAULT_KEYS, "order: value:desc, limit: 10")
                .map(section -> new Defaults(
                        section.list("where", "status:eq:confirmed").stream()
                                .map(Text::value)
                                .toList(),
                        section.optional("order", "value:desc").map(Text::value).orElse(null),
                        section.number("limit", 1, QuestionReader.MAX_LIMIT).orElse(null)))
                .orElse(Defaults.NONE);
    }
}
