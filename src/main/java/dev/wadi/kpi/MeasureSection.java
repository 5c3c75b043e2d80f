package dev.wadi.kpi;

import dev.wadi.contract.Contract;
import dev.wadi.kpi.KpiSection.Text;
import dev.wadi.yaml.YamlFile;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The measure in a {@code *.kpi.yaml} and whether its values may be added up. */
final class MeasureSection {
    private static final Set<String> KEYS = new LinkedHashSet<>(List.of("numerator", "denominator", "decimals"));
    private static final String EXAMPLE = "count(*)";

    private final KpiSection kpi;
    private final SqlCheck sql;

    MeasureSection(KpiSection kpi, SqlCheck sql) {
        this.kpi = kpi;
        this.sql = sql;
    }

    /** Empty after a mistake. */
    Optional<Measure> read() {
        if (kpi.node("measure").orElse(null) instanceof MappingNode mapping) {
            KpiSection ratio = kpi.in(mapping, KEYS);
            Optional<Text> numerator = ratio.required("numerator", "sum(amount)");
            Optional<Text> denominator = ratio.required("denominator", EXAMPLE);
            @Nullable
            Integer decimals =
                    ratio.number("decimals", 0, Display.MOST_DECIMALS).orElse(null);
            return numerator.flatMap(
                    above -> denominator.map(below -> new Measure.Ratio(above.value(), below.value(), decimals)));
        }
        return kpi.required("measure", EXAMPLE).map(text -> new Measure.Aggregate(text.value()));
    }

    /** Empty after a mistake. */
    Optional<Additivity> additivity() {
        return kpi.required("additivity", "additive").flatMap(text -> {
            Optional<Additivity> found = Additivity.find(text.value());
            if (found.isEmpty()) {
                kpi.mistake(
                        text.line(),
                        "unknown additivity '%s'".formatted(text.value()),
                        "Use one of " + String.join(", ", Additivity.words()));
            }
            return found;
        });
    }

    /** Tells what DuckDB has against it, and what is called additive and is not. */
    void check(Measure measure, Contract table, String time, Optional<Additivity> additivity) {
        switch (measure) {
            case Measure.Aggregate aggregate -> aggregate("measure", kpi.line("measure"), aggregate.sql(), table, time);
            case Measure.Ratio ratio -> {
                aggregate("numerator", line("numerator"), ratio.numerator(), table, time);
                aggregate("denominator", line("denominator"), ratio.denominator(), table, time);
            }
        }
        if (additivity.isPresent() && additivity.get() != Additivity.NON_ADDITIVE) {
            unsafe(measure)
                    .ifPresent(reason -> kpi.mistake(
                            kpi.line("additivity"),
                            "additivity is %s, but %s"
                                    .formatted(additivity.get().word(), reason),
                            "Write additivity: non-additive"));
        }
    }

    private void aggregate(String what, int line, String aggregate, Contract table, String time) {
        sql.measure(what, table, aggregate, time)
                .ifPresent(problem -> kpi.mistake(
                        line,
                        problem,
                        "Write an SQL aggregate over the columns of %s, such as count(*)".formatted(table.table())));
    }

    private Optional<String> unsafe(Measure measure) {
        return switch (measure) {
            case Measure.Ratio ratio -> Optional.of("a sum of ratios is not the ratio of the sums");
            case Measure.Aggregate aggregate -> sql.notAddable(aggregate.sql());
        };
    }

    private int line(String key) {
        return kpi.node("measure").orElse(null) instanceof MappingNode mapping
                ? mapping.getValue().stream()
                        .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode name
                                && name.getValue().equals(key))
                        .map(tuple -> YamlFile.line(tuple.getValueNode()))
                        .findFirst()
                        .orElse(kpi.line("measure"))
                : kpi.line("measure");
    }
}
