package dev.wadi.kpi;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.kpi.KpiSection.Text;
import dev.wadi.yaml.YamlFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The dimensions in a {@code *.kpi.yaml}: each a column of the KPI's table, or one of a dimension table. */
final class DimensionsSection {
    private static final Set<String> KEYS =
            new LinkedHashSet<>(List.of("column", "table", "foreignKey", "key", "example"));
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /** Members of a row that are no dimension. */
    private static final List<String> TAKEN =
            Stream.concat(Stream.of(Order.TIME), Figure.all().stream()).toList();

    private final Contracts contracts;

    DimensionsSection(Contracts contracts) {
        this.contracts = contracts;
    }

    List<Dimension> read(KpiSection kpi, Contract contract) {
        Optional<Node> node = kpi.node("dimensions");
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof MappingNode mapping)) {
            kpi.mistake(
                    YamlFile.line(node.get()), "'dimensions' is no mapping", "Write each as name: column, indented");
            return List.of();
        }
        KpiSection all = kpi.in(mapping, Set.of());
        List<Dimension> dimensions = new ArrayList<>();
        for (String name : all.keys()) {
            if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
                all.mistake(
                        all.line(name),
                        "'%s' cannot name a dimension".formatted(name),
                        "Write lower-case letters, digits and _, but not %s, which rows have already"
                                .formatted(String.join(", ", TAKEN)));
            }
            dimension(all, name, contract).ifPresent(dimensions::add);
        }
        return dimensions;
    }

    private Optional<Dimension> dimension(KpiSection all, String name, Contract contract) {
        Node node = all.node(name).orElseThrow();
        if (node instanceof ScalarNode) {
            return all.optional(name, "currency")
                    .flatMap(column -> ContractWords.column(all, contract, column))
                    .map(column -> new Dimension(name, column.name(), column.type(), null, null));
        }
        if (!(node instanceof MappingNode mapping)) {
            all.mistake(
                    YamlFile.line(node),
                    "the dimension '%s' is neither a column nor a mapping".formatted(name),
                    "Write %s: column".formatted(name));
            return Optional.empty();
        }
        KpiSection dimension = all.in(mapping, KEYS);
        Dimension.@Nullable Join join = null;
        Contract holder = contract;
        if (dimension.keys().contains("table")
                || dimension.keys().contains("key")
                || dimension.keys().contains("foreignKey")) {
            Optional<Contract> joined = ContractWords.table(contracts, dimension);
            Optional<Text> foreignKey = dimension.required("foreignKey", "customer_key");
            Optional<Text> key = dimension.required("key", "customer_key");
            Optional<Column> from = foreignKey.flatMap(text -> ContractWords.column(dimension, contract, text));
            Optional<Column> to =
                    joined.flatMap(table -> key.flatMap(text -> ContractWords.column(dimension, table, text)));
            if (joined.isEmpty() || from.isEmpty() || to.isEmpty()) {
                return Optional.empty();
            }
            holder = joined.get();
            alone(dimension, holder, to.get());
            join = new Dimension.Join(
                    holder.table(), from.get().name(), to.get().name());
        }
        Contract source = holder;
        Dimension.@Nullable Join way = join;
        String example = dimension.optional("example", "DE").map(Text::value).orElse(null);
        return dimension
                .required("column", "country")
                .flatMap(text -> ContractWords.column(dimension, source, text))
                .map(column -> new Dimension(name, column.name(), column.type(), way, example));
    }

    /** A key that two rows share would count the facts of both twice. */
    private static void alone(KpiSection dimension, Contract table, Column key) {
        boolean primary = table.primaryKey().equals(List.of(key.name()))
                && !table.merging().history();
        if (!primary && !key.unique()) {
            dimension.mistake(
                    dimension.line("key"),
                    "'%s' may be the same in several rows of %s, and facts would count once for each"
                            .formatted(key.name(), table.table()),
                    "Name its primary key, or write 'unique: true' at the column in the contract, where that is so");
        }
    }
}
