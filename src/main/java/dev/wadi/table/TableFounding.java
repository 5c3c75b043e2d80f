package dev.wadi.table;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.InvalidTableException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.transaction.CreateTableTransactionBuilder;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import io.delta.kernel.utils.CloseableIterable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one table what its contract says: creates it, and gives it what the contract has gained since. */
final class TableFounding {
    private static final Logger LOG = LoggerFactory.getLogger(TableFounding.class);
    private static final String VECTORS = "delta.enableDeletionVectors";
    /** The property of a table that has the feature {@link #DOMAINS}: features themselves are not among the properties. */
    static final String REMEMBERS = "wadi.remembers";

    private static final String DOMAINS = "delta.feature.domainMetadata";
    private static final String WIDENING = "delta.enableTypeWidening";
    /** How often the columns are changed anew when other commits come first. */
    private static final int MOST_EVOLUTIONS = 100;

    private final TablePlace place;
    private final SnapshotLoader snapshots;
    private final CommitHooks hooks;
    private final TableName name;
    private final String folder;

    TableFounding(TablePlace place, SnapshotLoader snapshots, CommitHooks hooks) {
        this.place = place;
        this.snapshots = snapshots;
        this.hooks = hooks;
        this.name = place.name();
        this.folder = place.folder();
    }

    /** @throws TableException when the contract asks for what the table cannot become */
    void ensure(Contract contract) {
        if (!place.exists()) {
            create(contract);
        }
        int attempt = 1;
        while (!evolve(contract, attempt)) {
            attempt++;
        }
    }

    /** @throws TableException when the contract asks for what the table, which is there, cannot become */
    void check(Contract contract) {
        Snapshot snapshot = snapshots.kernel(null);
        Evolution evolution = evolution(contract, snapshot);
        if (!evolution.isEmpty()) {
            refuseToEvolve(contract, evolution, snapshot);
        }
    }

    private static Evolution evolution(Contract contract, Snapshot snapshot) {
        return new Evolution(
                contract, snapshot.getSchema(), snapshot.getPartitionColumnNames(), snapshot.getTableProperties());
    }

    /**
     * Makes it possible to commit {@link Change#domains}, for a table whose contract alone does not ask for it. Another commit
     * may come first: then it is to be tried again.
     */
    void remember(int attempt) {
        Snapshot snapshot = snapshots.kernel(null);
        try {
            commit(snapshot.buildUpdateTableTransaction(DeltaTable.ENGINE, Operation.MANUAL_UPDATE)
                    .withTablePropertiesAdded(Map.of(REMEMBERS, "true", DOMAINS, "supported")));
        } catch (RuntimeException e) {
            if (!CommitConflictException.is(e) || attempt == MOST_EVOLUTIONS) {
                throw TableErrors.notWritten(name, snapshot.getVersion() + 1, folder, e);
            }
        }
    }

    /** False when there is more to do, or another commit came first. */
    private boolean evolve(Contract contract, int attempt) {
        Snapshot snapshot = snapshots.kernel(null);
        Map<String, String> properties = snapshot.getTableProperties();
        Evolution evolution = evolution(contract, snapshot);
        Map<String, String> added = new TreeMap<>();
        if (contract.deletionVectors() && !"true".equals(properties.get(VECTORS))) {
            added.put(VECTORS, "true");
        }
        if ((contract.deletionVectors() || evolution.widens()) && isUnmapped(properties)) {
            added.put(DeltaTypes.MAPPING, "name");
        }
        if (evolution.widens() && !"true".equals(properties.get(WIDENING))) {
            added.put(WIDENING, "true");
        }
        if (remembers(contract) && !properties.containsKey(REMEMBERS)) {
            added.put(REMEMBERS, "true");
            added.put(DOMAINS, "supported");
        }
        if (evolution.isEmpty() && added.isEmpty()) {
            return true;
        }
        refuseToEvolve(contract, evolution, snapshot);
        if (!properties.containsKey(Evolution.KEY)) {
            added.put(Evolution.KEY, String.join(",", contract.primaryKey()));
        }
        try {
            if (added.containsKey(DeltaTypes.MAPPING)) {
                // Kernel changes the schema of a table only when its columns are mapped already
                commit(snapshot.buildUpdateTableTransaction(DeltaTable.ENGINE, Operation.MANUAL_UPDATE)
                        .withTablePropertiesAdded(added));
                return false;
            }
            UpdateTableTransactionBuilder builder =
                    snapshot.buildUpdateTableTransaction(DeltaTable.ENGINE, Operation.MANUAL_UPDATE);
            if (!added.isEmpty()) {
                builder = builder.withTablePropertiesAdded(added);
            }
            commit(evolution.isEmpty() ? builder : builder.withUpdatedSchema(evolution.schema()));
            LOG.info("{} {}", name, evolution.isEmpty() ? "gained " + added.keySet() : evolution);
            return true;
        } catch (RuntimeException e) {
            if (!CommitConflictException.is(e)) {
                throw e instanceof KernelException && !(e instanceof MaxCommitRetryLimitReachedException)
                        ? new TableException(
                                "%s cannot become what its contract (%s) says: %s. Give the table a new name and fill it again, or undo the change in the contract"
                                        .formatted(name, contract.file(), e.getMessage()),
                                e)
                        : TableErrors.notWritten(name, snapshot.getVersion() + 1, folder, e);
            }
            if (attempt == MOST_EVOLUTIONS) {
                throw new TableException(
                        "%s: its columns could not be changed, because another commit came first %d times. Start again when fewer rows come in"
                                .formatted(name, attempt),
                        e);
            }
            return false;
        }
    }

    private static boolean isUnmapped(Map<String, String> properties) {
        return properties.getOrDefault(DeltaTypes.MAPPING, "none").equals("none");
    }

    private void refuseToEvolve(Contract contract, Evolution evolution, Snapshot snapshot) {
        if (!contract.deletionVectors() && isUnmapped(snapshot.getTableProperties()) && !evolution.isEmpty()) {
            throw new TableException(
                    ("%s cannot be changed as its contract (%s) says: %s. With 'deletionVectors: false' the table stays one"
                                    + " that the oldest readers know, and those know no changed columns. Write 'deletionVectors: true',"
                                    + " or give the table a new name and fill it again")
                            .formatted(name, contract.file(), evolution));
        }
        if (evolution.beginsHistory() && snapshots.load(snapshot.getVersion()).rows() > 0) {
            throw new TableException(
                    ("%s has rows without a history, but its contract (%s) asks for one. What was before is not known any more:"
                                    + " give the table a new name and fill it again, or leave out scdType and systemSequenceBy")
                            .formatted(name, contract.file()));
        }
    }

    private void commit(UpdateTableTransactionBuilder builder) {
        TransactionCommitResult result = builder.withMaxRetries(0)
                .build(place.engine())
                .commit(place.engine(), CloseableIterable.emptyIterable());
        hooks.invoke(result.getPostCommitHooks(), result.getVersion());
    }

    /** Whether merges keep what is gone in domain metadata. */
    private static boolean remembers(Contract contract) {
        return contract.merging().deleteWhen() != null
                || contract.merging().truncateWhen() != null
                || contract.merging().systemSequenceBy() != null
                || !contract.merging().trackHistoryExcept().isEmpty();
    }

    private void create(Contract contract) {
        Map<String, String> properties = new HashMap<>();
        properties.put("delta.checkpointInterval", "100");
        properties.put(Evolution.KEY, String.join(",", contract.primaryKey()));
        if (contract.deletionVectors()) {
            properties.put(VECTORS, "true");
            properties.put(DeltaTypes.MAPPING, "name");
        }
        properties.put(
                Evolution.COLUMNS, contract.stored().stream().map(Column::name).collect(Collectors.joining(",")));
        if (remembers(contract)) {
            properties.put(REMEMBERS, "true");
            properties.put(DOMAINS, "supported");
        }
        CreateTableTransactionBuilder builder = TableManager.buildCreateTableTransaction(
                        folder, DeltaTypes.schema(contract, contract.deletionVectors()), DeltaTable.ENGINE)
                .withTableProperties(properties);
        if (!contract.partitionBy().isEmpty()) {
            builder = builder.withDataLayoutSpec(DataLayoutSpec.partitioned(contract.partitionBy().stream()
                    .map(io.delta.kernel.expressions.Column::new)
                    .toList()));
        }
        try {
            TransactionCommitResult result =
                    builder.build(place.engine()).commit(place.engine(), CloseableIterable.emptyIterable());
            hooks.invoke(result.getPostCommitHooks(), result.getVersion());
        } catch (io.delta.kernel.exceptions.TableAlreadyExistsException | ConcurrentWriteException e) {
            LOG.debug("{} was created by another process at the same time", name, e);
        } catch (InvalidTableException e) {
            throw TableErrors.notLoaded(name, null, folder, e); // there is a log, but not from its beginning
        } catch (RuntimeException e) {
            if (!CommitConflictException.is(e)) {
                throw TableErrors.notWritten(name, 0, folder, e);
            }
        }
    }
}
