package dev.wadi.lineage;

import dev.wadi.contract.TableName;
import dev.wadi.route.Flow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tables and the flows between them, as the routes are at one moment. */
public record Lineage(List<Flow> flows) {
    public Lineage {
        flows = List.copyOf(flows);
    }

    /** The flows that fill a table. */
    public List<Flow> into(TableName table) {
        return flows.stream().filter(flow -> flow.target().equals(table)).toList();
    }

    /** Whatever these tables are made of, themselves included. */
    public Set<TableName> upstream(Set<TableName> tables) {
        Set<TableName> found = new LinkedHashSet<>(tables);
        List<TableName> next = List.copyOf(tables);
        while (!next.isEmpty()) {
            next = flows.stream()
                    .filter(flow -> found.contains(flow.target()))
                    .map(Flow::source)
                    .filter(found::add)
                    .toList();
        }
        return found;
    }

    /** The routes that make these tables and whatever they are made of. */
    public Set<String> routes(Set<TableName> tables) {
        Set<TableName> upstream = upstream(tables);
        return flows.stream()
                .filter(flow -> upstream.contains(flow.target()))
                .map(Flow::route)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The tables that no flow fills, of those upstream of {@code tables}: where their events come in. */
    public Set<TableName> roots(Set<TableName> tables) {
        Set<TableName> roots = new TreeSet<>();
        for (TableName table : upstream(tables)) {
            if (into(table).isEmpty()) {
                roots.add(table);
            }
        }
        return roots;
    }
}
