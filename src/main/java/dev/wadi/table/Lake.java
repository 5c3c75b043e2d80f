package dev.wadi.table;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.store.Store;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** All tables under one root folder: {@code root/layer/name}. */
public final class Lake implements AutoCloseable {
    private final String root;
    private final Store store;
    private final Contracts contracts;
    private final KernelFiles files;
    private final Engine engine;
    private final Map<TableName, DeltaTable> tables = new ConcurrentHashMap<>();
    private final ExecutorService background = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("delta-hooks").daemon().factory());

    public Lake(Store store, Path root, Contracts contracts) {
        this.root = root.toAbsolutePath().normalize().toString();
        this.store = store;
        this.contracts = contracts;
        this.files = new KernelFiles(store);
        this.engine = DefaultEngine.create(files);
    }

    public Store store() {
        return store;
    }

    /**
     * The table; created from its contract when it is not there yet.
     *
     * @throws IllegalArgumentException when it is neither there nor described by a contract
     */
    public DeltaTable table(TableName name) {
        DeltaTable known = tables.get(name);
        if (known != null) {
            return known;
        }
        return contracts
                .find(name)
                .map(this::table)
                .orElseGet(() -> tables.computeIfAbsent(name, missing -> {
                    DeltaTable table = open(name);
                    if (!table.exists()) {
                        contracts.get(name); // says what there is
                    }
                    return table;
                }));
    }

    /** The table that {@code contract} describes, created or given its new columns when needed. */
    public DeltaTable table(Contract contract) {
        return tables.computeIfAbsent(contract.table(), name -> {
            DeltaTable table = open(name);
            table.ensure(contract);
            return table;
        });
    }

    /** Gives a table that is in use what its contract has gained; another one gets it when it is first asked for. */
    public void follow(Contract contract) {
        DeltaTable table = tables.get(contract.table());
        if (table != null) {
            table.ensure(contract);
        }
    }

    /**
     * Asks whether a table can become what a contract says, without changing it.
     *
     * @throws TableException when it is there and cannot
     */
    public void check(Contract contract) {
        DeltaTable known = tables.get(contract.table());
        DeltaTable table = known == null ? open(contract.table()) : known;
        if (table.exists()) {
            table.check(contract);
        }
    }

    /** The contract of a table; empty for one that is in the lake only. */
    public Optional<Contract> contract(TableName name) {
        return contracts.find(name);
    }

    private DeltaTable open(TableName name) {
        String folder = root + "/" + name.layer() + "/" + name.name();
        return new DeltaTable(
                new TablePlace(name, folder, store, engine), new LogCheck(folder, store, files), background);
    }

    /** What DuckDB's words mean when they are about a file of a table; empty when they are not. */
    public Optional<TableException> explain(SQLException failure) {
        return tables.values().stream()
                .map(table -> table.explain(failure))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The tables that exist, in the order of their names. */
    public List<TableName> tables() {
        List<TableName> names = new ArrayList<>();
        try {
            for (String layer : store.folders(root)) {
                for (String name : store.folders(root + "/" + layer)) {
                    TableName table = new TableName(layer, name);
                    if (tables.containsKey(table) || open(table).exists()) {
                        names.add(table);
                    }
                }
            }
        } catch (IOException e) {
            throw new TableException("The lake at %s cannot be listed: %s".formatted(root, e.getMessage()), e);
        }
        return names;
    }

    /** Waits for what is left in the background. */
    @Override
    public void close() {
        background.shutdown();
        try {
            if (!background.awaitTermination(5, TimeUnit.SECONDS)) {
                background.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
