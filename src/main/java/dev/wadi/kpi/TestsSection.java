package dev.wadi.kpi;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.kpi.KpiSection.Text;
import dev.wadi.yaml.YamlFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The tests in a {@code *.kpi.yaml}. */
final class TestsSection {
    private static final Set<String> KEYS = new LinkedHashSet<>(List.of("name", "rows", "ask", "expect"));
    private static final String EXAMPLE = "name: cancelled orders do not count, rows: {...}, ask: {...}, expect: [...]";

    private final KpiSection kpi;
    private final Contracts contracts;

    TestsSection(KpiSection kpi, Contracts contracts) {
        this.kpi = kpi;
        this.contracts = contracts;
    }

    List<KpiTest> read() {
        List<KpiTest> tests = new ArrayList<>();
        for (KpiSection test : kpi.mappings("tests", KEYS, EXAMPLE)) {
            Optional<Text> name = test.required("name", "cancelled orders do not count");
            if (test.node("expect").isEmpty()) {
                test.mistake(test.line(), "'expect' is missing", "Write expect: [{value: 3}]");
            }
            Map<TableName, List<Map<String, @Nullable String>>> rows = rows(test);
            Map<String, List<String>> ask = new LinkedHashMap<>();
            test.mapping("ask", Set.of(), "grain: month")
                    .ifPresent(asked -> asked.keys().forEach(key -> ask.put(key, words(asked, key))));
            List<Map<String, @Nullable String>> expect = new ArrayList<>();
            for (KpiSection row : test.mappings("expect", Set.of(), "value: 3")) {
                expect.add(values(row));
            }
            name.ifPresent(
                    text -> tests.add(new KpiTest(text.value(), rows, ask, expect, test.file(), test.line("expect"))));
        }
        return tests;
    }

    private Map<TableName, List<Map<String, @Nullable String>>> rows(KpiSection test) {
        Map<TableName, List<Map<String, @Nullable String>>> rows = new HashMap<>();
        Optional<KpiSection> tables = test.mapping("rows", Set.of(), "gold.fact_orders: [{booking_id: B1}]");
        if (tables.isEmpty()) {
            return rows;
        }
        for (String table : tables.get().keys()) {
            Optional<Contract> contract = ContractWords.table(
                    contracts, tables.get(), new Text(table, tables.get().line(table)));
            if (contract.isEmpty()) {
                continue;
            }
            List<Map<String, @Nullable String>> list = new ArrayList<>();
            for (KpiSection row : tables.get().mappings(table, Set.of(), "booking_id: B1")) {
                for (String column : row.keys()) {
                    ContractWords.storedColumn(row, contract.get(), new Text(column, row.line(column)));
                }
                list.add(values(row));
            }
            rows.put(contract.get().table(), list);
        }
        return rows;
    }

    private static Map<String, @Nullable String> values(KpiSection row) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (String key : row.keys()) {
            Node node = row.node(key).orElseThrow();
            if (node instanceof ScalarNode scalar) {
                values.put(key, scalar.getTag().equals(Tag.NULL) ? null : scalar.getValue());
            } else {
                row.mistake(
                        YamlFile.line(node), "'%s' is no plain value".formatted(key), "Write %s: value".formatted(key));
            }
        }
        return values;
    }

    private static List<String> words(KpiSection section, String key) {
        Node node = section.node(key).orElseThrow();
        if (node instanceof SequenceNode) {
            return section.list(key, "country").stream().map(Text::value).toList();
        }
        return section.optional(key, "value").map(Text::value).stream().toList();
    }
}
