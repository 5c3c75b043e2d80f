package dev.wadi.contract;

import dev.wadi.yaml.FolderMarks;
import dev.wadi.yaml.Mistakes;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All contracts of a lake, by table. Those of an application that runs become others when their files change, all of them at once:
 * each call answers by the newest. Thread-safe.
 */
public final class Contracts {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Moment now;

    /** @param files that they were read from; none for contracts that were not read from files */
    private record Moment(
            SortedMap<TableName, Contract> byTable,
            SortedMap<String, Contract> byStream,
            Map<Path, FolderMarks.Mark> files) {}

    public Contracts(Collection<Contract> contracts) {
        this(contracts, Map.of());
    }

    Contracts(Collection<Contract> contracts, Map<Path, FolderMarks.Mark> files) {
        SortedMap<TableName, Contract> byTable = new TreeMap<>();
        SortedMap<String, Contract> byStream = new TreeMap<>();
        for (Contract contract : contracts) {
            byTable.put(contract.table(), contract);
            EventShape event = contract.event();
            if (event != null) {
                byStream.put(event.stream(), contract);
            }
        }
        this.now = new Moment(byTable, byStream, files);
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

    /** The files of contracts under {@code directory}, as they are now. */
    public static Map<Path, FolderMarks.Mark> files(Path directory) {
        return ContractFolder.marks(directory);
    }

    /** The files that these were read from, as they were just before. */
    public Map<Path, FolderMarks.Mark> files() {
        return now.files();
    }

    public Optional<Contract> find(TableName table) {
        return Optional.ofNullable(now.byTable().get(table));
    }

    /** @throws IllegalArgumentException when no contract describes {@code table}; the message lists those there are */
    public Contract get(TableName table) {
        return find(table)
                .orElseThrow(() -> new IllegalArgumentException(
                        "No contract describes the table %s. There are: %s. Add schemas/tables/%s.odcs.yaml"
                                .formatted(table, now.byTable().keySet(), table)));
    }

    /** Contracts in the order of their table names. */
    public List<Contract> all() {
        return List.copyOf(now.byTable().values());
    }

    /** The contract of the table that takes the events of {@code stream}. */
    public Optional<Contract> stream(String stream) {
        return Optional.ofNullable(now.byStream().get(stream));
    }

    /** The contracts of tables that take events, in the order of their streams. */
    public List<Contract> streams() {
        return List.copyOf(now.byStream().values());
    }

    /** These without those that {@code others} has just so. */
    public List<Contract> without(Contracts others) {
        return all().stream()
                .filter(contract -> !others.find(contract.table()).equals(Optional.of(contract)))
                .toList();
    }

    /** The contracts of this moment, which become no others. */
    public Contracts asTheyAre() {
        return new Contracts(all(), files());
    }

    /** Has these be what {@code next} is now, and tells who listens. */
    public void become(Contracts next) {
        now = next.now;
        listeners.forEach(Runnable::run);
    }

    /** @param changed is called after each change, on the thread that makes it; it must not throw */
    public void listen(Runnable changed) {
        listeners.add(changed);
    }
}
