package dev.wadi.contract;

import dev.wadi.yaml.Mistakes;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All contracts of a lake, by table. */
public final class Contracts {
    private final Map<TableName, Contract> byTable = new TreeMap<>();

    public Contracts(Collection<Contract> contracts) {
        for (Contract contract : contracts) {
            byTable.put(contract.table(), contract);
        }
    }

    /**
     * Reads every {@code *.odcs.yaml} under {@code directory}, at any depth.
     *
     * @throws ContractException naming file, line, what is wrong and what to write, for every mistake found
     */
    public static Contracts load(Path directory) {
        Mistakes mistakes = new Mistakes();
        Contracts contracts = load(directory, mistakes);
        mistakes.refuse(lines -> new ContractException(String.join("\n", lines)));
        return contracts;
    }

    /** Reads as {@link #load(Path)} does, but leaves the contracts out that have a mistake, and tells all mistakes. */
    public static Contracts load(Path directory, Mistakes mistakes) {
        return new ContractFolder(directory, mistakes).read();
    }

    public Optional<Contract> find(TableName table) {
        return Optional.ofNullable(byTable.get(table));
    }

    /** @throws IllegalArgumentException when no contract describes {@code table}; the message lists those there are */
    public Contract get(TableName table) {
        return find(table)
                .orElseThrow(() -> new IllegalArgumentException(
                        "No contract describes the table %s. There are: %s. Add schemas/tables/%s.odcs.yaml"
                                .formatted(table, byTable.keySet(), table)));
    }

    /** Contracts in the order of their table names. */
    public List<Contract> all() {
        return List.copyOf(byTable.values());
    }

    /** The contract of the table that takes the events of {@code stream}. */
    public Optional<Contract> stream(String stream) {
        return byTable.values().stream()
                .filter(contract ->
                        contract.event() != null && contract.event().stream().equals(stream))
                .findFirst();
    }
}
