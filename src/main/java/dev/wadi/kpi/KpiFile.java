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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
            "owner",
            "table",
            "measure",
            "time",
            "grains",
            "filter",
            "alwaysBy",
            "dimensions"));
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

    /** A definition and the line that names it. */
    record Named(Kpi kpi, Path file, int line) {}

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
        List<Grain> grains = grains(kpi);
        Optional<Text> measure = kpi.required("measure", "count(*)");
        Optional<Text> time = kpi.required("time", "booked_date");
        Optional<Text> filter = kpi.optional("filter", "status <> 'cancelled'");
        Optional<Contract> table = ContractWords.table(contracts, kpi);
        List<Dimension> dimensions = List.of();
        if (table.isPresent()) {
            Contract contract = table.get();
            dimensions = new DimensionsSection(contracts).read(kpi, contract);
            if (time.isPresent() && time(kpi, contract, time.get()) && measure.isPresent()) {
                sql.measure(contract, measure.get().value(), time.get().value())
                        .ifPresent(problem -> kpi.mistake(
                                measure.get().line(),
                                problem,
                                "Write an SQL aggregate over the columns of %s, such as count(*)"
                                        .formatted(contract.table())));
            }
            filter.ifPresent(condition -> sql.filter(contract, condition.value())
                    .ifPresent(problem -> kpi.mistake(
                            condition.line(),
                            problem,
                            "Write an SQL condition on the columns of " + contract.table())));
        }
        List<String> alwaysBy = alwaysBy(kpi);
        if (mistakes.count() > before) {
            return Optional.empty();
        }
        return Optional.of(new Named(
                new Kpi(
                        name,
                        title,
                        description,
                        unit,
                        owner,
                        table.orElseThrow().table(),
                        measure.orElseThrow().value(),
                        time.orElseThrow().value(),
                        grains,
                        dimensions,
                        filter.map(Text::value).orElse(null),
                        alwaysBy),
                file,
                kpi.line("name")));
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

    private static boolean time(KpiSection kpi, Contract contract, Text time) {
        Optional<Column> column = ContractWords.column(kpi, contract, time);
        if (column.isPresent() && column.get().type() != ColumnType.Simple.DATE) {
            kpi.mistake(
                    time.line(),
                    "the column '%s' of %s is a %s, not a date"
                            .formatted(
                                    time.value(),
                                    contract.table(),
                                    column.get().type().sql()),
                    "Name a column of type DATE");
            return false;
        }
        return column.isPresent();
    }

    private static List<String> alwaysBy(KpiSection kpi) {
        Set<String> dimensions = kpi.node("dimensions")
                .filter(MappingNode.class::isInstance)
                .map(MappingNode.class::cast)
                .map(mapping -> mapping.getValue().stream()
                        .map(tuple -> tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "")
                        .collect(Collectors.toCollection(LinkedHashSet::new)))
                .orElseGet(LinkedHashSet::new);
        List<String> names = new ArrayList<>();
        for (Text name : kpi.list("alwaysBy", "currency")) {
            if (!dimensions.contains(name.value())) {
                kpi.mistake(
                        name.line(),
                        "alwaysBy names '%s', which is no dimension".formatted(name.value()),
                        "Use one of %s, or add it under dimensions".formatted(String.join(", ", dimensions)));
            }
            names.add(name.value());
        }
        return names;
    }
}
