package dev.wadi.table;

import io.delta.kernel.CommitRange;
import io.delta.kernel.Snapshot;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.DeltaLogActionUtils.DeltaAction;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.RemoveFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.commit.DefaultFileSystemManagedTableOnlyCommitter;
import io.delta.kernel.internal.data.GenericRow;
import io.delta.kernel.internal.data.StructRow;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import io.delta.kernel.internal.deletionvectors.DeletionVectorUtils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The actions of the Delta log, in and out of Kernel. Kernel 4.4 has no public way to remove a file or to write a deletion
 * vector, so this class, and only this one, uses its internal packages; a new Kernel is checked here.
 */
final class KernelActions {
    /** Begins every serialised vector of the portable format (Delta protocol, "Deletion Vector Format"). */
    private static final int VECTOR_MAGIC = 1681511377;

    private static final StructType ADD = AddFile.FULL_SCHEMA;

    private KernelActions() {}

    /** The domain metadata of a version whose domain begins with {@code prefix}: Kernel gives them by full name only. */
    static Map<String, String> domains(Snapshot snapshot, String prefix) {
        Map<String, String> domains = new HashMap<>();
        ((SnapshotImpl) snapshot).getActiveDomainMetadataMap().forEach((domain, metadata) -> {
            if (domain.startsWith(prefix)) {
                domains.put(domain, metadata.getConfiguration());
            }
        });
        return Map.copyOf(domains);
    }

    /** Every file of a version, by path. */
    static Map<String, DataFile> files(Engine engine, Snapshot snapshot) throws IOException {
        Map<String, DataFile> files = new LinkedHashMap<>();
        ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        DataFile file =
                                dataFile(new AddFile(rows.next().getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL)));
                        files.put(file.path(), file);
                    }
                }
            }
        }
        return files;
    }

    /**
     * The files that brought rows into the table, by the version that did; files that were only marked or moved are left out.
     * A file whose marks were taken back by a restore brought rows.
     */
    static NavigableMap<Long, List<DataFile>> upserts(Engine engine, CommitRange range) throws IOException {
        NavigableMap<Long, List<DataFile>> added = new TreeMap<>();
        Map<Long, Map<String, Long>> removed = new HashMap<>();
        try (CloseableIterator<ColumnarBatch> batches =
                range.getActions(engine, Set.of(DeltaAction.ADD, DeltaAction.REMOVE))) {
            while (batches.hasNext()) {
                ColumnarBatch batch = batches.next();
                ColumnVector versions = batch.getColumnVector(batch.getSchema().indexOf("version"));
                ColumnVector adds = batch.getColumnVector(batch.getSchema().indexOf("add"));
                ColumnVector removes = batch.getColumnVector(batch.getSchema().indexOf("remove"));
                for (int row = 0; row < batch.getSize(); row++) {
                    long version = versions.getLong(row);
                    if (!adds.isNullAt(row)) {
                        AddFile add = new AddFile(StructRow.fromStructVector(adds, row));
                        if (add.getDataChange()) {
                            added.computeIfAbsent(version, v -> new ArrayList<>())
                                    .add(dataFile(add));
                        }
                    } else if (!removes.isNullAt(row)) {
                        Row remove = StructRow.fromStructVector(removes, row);
                        RemoveFile file = new RemoveFile(remove);
                        removed.computeIfAbsent(version, v -> new HashMap<>())
                                .put(
                                        file.getPath(),
                                        file.getDeletionVector()
                                                .map(DeletionVectorDescriptor::getCardinality)
                                                .orElse(0L));
                    }
                }
            }
        }
        added.forEach((version, files) -> {
            Map<String, Long> gone = removed.getOrDefault(version, Map.of());
            files.removeIf(file -> gone.containsKey(file.path()) && marked(file) >= gone.getOrDefault(file.path(), 0L));
        });
        added.values().removeIf(List::isEmpty);
        return added;
    }

    /** What the one commit of {@code range} did to the files. */
    static FileChanges changes(Engine engine, CommitRange range) throws IOException {
        Map<String, DataFile> added = new LinkedHashMap<>();
        Map<String, DataFile> removed = new LinkedHashMap<>();
        boolean rowsChange = false;
        boolean columnsChange = false;
        long committed = 0;
        try (CloseableIterator<ColumnarBatch> batches =
                range.getActions(engine, Set.of(DeltaAction.ADD, DeltaAction.REMOVE, DeltaAction.METADATA))) {
            while (batches.hasNext()) {
                ColumnarBatch batch = batches.next();
                ColumnVector times = batch.getColumnVector(batch.getSchema().indexOf("timestamp"));
                ColumnVector adds = batch.getColumnVector(batch.getSchema().indexOf("add"));
                ColumnVector removes = batch.getColumnVector(batch.getSchema().indexOf("remove"));
                ColumnVector metadata = batch.getColumnVector(batch.getSchema().indexOf("metaData"));
                for (int row = 0; row < batch.getSize(); row++) {
                    committed = times.getLong(row);
                    columnsChange |= !metadata.isNullAt(row);
                    if (!adds.isNullAt(row)) {
                        AddFile add = new AddFile(StructRow.fromStructVector(adds, row));
                        added.put(add.getPath(), dataFile(add));
                        rowsChange |= add.getDataChange();
                    } else if (!removes.isNullAt(row)) {
                        RemoveFile remove = new RemoveFile(StructRow.fromStructVector(removes, row));
                        removed.put(remove.getPath(), dataFile(remove));
                        rowsChange |= remove.getDataChange();
                    }
                }
            }
        }
        return new FileChanges(
                range.getEndVersion(), Instant.ofEpochMilli(committed), rowsChange, columnsChange, removed, added);
    }

    private static DataFile dataFile(RemoveFile remove) {
        return new DataFile(
                remove.getPath(),
                remove.getPartitionValues()
                        .map(VectorUtils::<String, @Nullable String>toJavaMap)
                        .orElse(Map.of()),
                remove.getSize().orElse(-1L),
                -1,
                remove.getNumRecords().orElse(-1L),
                remove.getStatsJson().orElse(null),
                remove.getDeletionVector().map(KernelActions::vector).orElse(null));
    }

    private static long marked(DataFile file) {
        return file.vector() == null ? 0 : file.vector().cardinality();
    }

    private static DataFile dataFile(AddFile add) {
        return new DataFile(
                add.getPath(),
                VectorUtils.toJavaMap(add.getPartitionValues()),
                add.getSize(),
                add.getModificationTime(),
                add.getNumRecords().orElse(-1L),
                add.getStatsJson().orElse(null),
                add.getDeletionVector().map(KernelActions::vector).orElse(null));
    }

    private static DeletionVector vector(DeletionVectorDescriptor descriptor) {
        return new DeletionVector(
                descriptor.getStorageType(),
                descriptor.getPathOrInlineDv(),
                descriptor.getOffset().orElse(null),
                descriptor.getSizeInBytes(),
                descriptor.getCardinality());
    }

    /** The action that adds {@code file}. */
    static Row add(DataFile file, boolean dataChange) {
        return SingleAction.createAddFileSingleAction(addRow(file, dataChange));
    }

    /** The action that removes {@code file} as it stands in the version that the commit is based on. */
    static Row remove(DataFile file, boolean dataChange) {
        return SingleAction.createRemoveFileSingleAction(
                new AddFile(addRow(file, dataChange)).toRemoveFileRow(dataChange, Optional.empty()));
    }

    private static Row addRow(DataFile file, boolean dataChange) {
        Map<Integer, Object> fields = new HashMap<>();
        fields.put(ADD.indexOf("path"), file.path());
        fields.put(ADD.indexOf("partitionValues"), VectorUtils.stringStringMapValue(file.partition()));
        fields.put(ADD.indexOf("size"), file.bytes());
        fields.put(ADD.indexOf("modificationTime"), file.modified());
        fields.put(ADD.indexOf("dataChange"), dataChange);
        if (file.stats() != null) {
            fields.put(ADD.indexOf("stats"), file.stats());
        }
        DeletionVector vector = file.vector();
        if (vector != null) {
            fields.put(ADD.indexOf("deletionVector"), descriptor(vector).toRow());
        }
        return new GenericRow(ADD, fields);
    }

    private static DeletionVectorDescriptor descriptor(DeletionVector vector) {
        return new DeletionVectorDescriptor(
                vector.storage(),
                vector.pathOrInline(),
                Optional.ofNullable(vector.offset()),
                vector.sizeInBytes(),
                vector.cardinality());
    }

    /** The file that a vector is in, an absolute path; empty for one that is in the log itself. */
    static Optional<String> location(String folder, DeletionVector vector) {
        DeletionVectorDescriptor descriptor = descriptor(vector);
        return descriptor.isOnDisk() ? Optional.of(descriptor.getAbsolutePath(folder)) : Optional.empty();
    }

    /** Writes a log entry as Kernel does, with a note in its commitInfo when there is one. */
    static CommitResponse commit(
            Engine engine, CloseableIterator<Row> actions, CommitMetadata metadata, @Nullable CommitNote note)
            throws CommitFailedException {
        return DefaultFileSystemManagedTableOnlyCommitter.INSTANCE.commit(
                engine,
                note == null ? actions : actions.map(row -> noted(row, metadata.getCommitInfo(), note)),
                metadata);
    }

    private static Row noted(Row action, CommitInfo info, CommitNote note) {
        if (action.isNullAt(SingleAction.COMMIT_INFO_ORDINAL)) {
            return action;
        }
        return SingleAction.createCommitInfoSingleAction(new CommitInfo(
                        info.getInCommitTimestamp(),
                        info.getTimestamp(),
                        info.getEngineInfo(),
                        Optional.of(note.operation()),
                        note.parameters(),
                        info.getIsBlindAppend(),
                        info.getTxnId(),
                        note.metrics())
                .toRow());
    }

    static CloseableIterable<Row> actions(List<Row> actions) {
        return CloseableIterable.inMemoryIterable(iterator(actions.iterator()));
    }

    private static <T> CloseableIterator<T> iterator(Iterator<T> each) {
        return io.delta.kernel.internal.util.Utils.toCloseableIterator(each);
    }

    /** Reads a stored vector. */
    static DeletedRows read(Engine engine, String folder, DeletionVector vector) {
        RoaringBitmap rows = new RoaringBitmap();
        for (long row : DeletionVectorUtils.loadNewDvAndBitmap(engine, folder, descriptor(vector))
                ._2
                .toArray()) {
            rows.add(Math.toIntExact(row));
        }
        return new DeletedRows(rows);
    }

    /** The vectors of one commit, together in one file. */
    record VectorFile(String name, byte[] content, Map<String, DeletionVector> byPath) {}

    /** Serialises vectors: a version byte, then for each its length, its bytes and their CRC-32. */
    static @Nullable VectorFile vectors(Map<String, DeletedRows> byPath) throws IOException {
        if (byPath.isEmpty()) {
            return null;
        }
        UUID id = UUID.randomUUID();
        Map<String, DeletionVector> stored = new LinkedHashMap<>();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(content);
        out.writeByte(1);
        for (Map.Entry<String, DeletedRows> each : byPath.entrySet()) {
            RoaringBitmap rows = each.getValue().bitmap();
            rows.runOptimize();
            // magic, number of 32-bit bitmaps, high half of the first row number, the bitmap
            ByteBuffer vector = ByteBuffer.allocate(4 + 8 + 4 + rows.serializedSizeInBytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            vector.putInt(VECTOR_MAGIC).putLong(1).putInt(0);
            rows.serialize(vector);
            byte[] bytes = vector.array();
            int offset = out.size();
            out.writeInt(bytes.length);
            out.write(bytes);
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            out.writeInt((int) checksum.getValue());
            stored.put(
                    each.getKey(),
                    new DeletionVector(
                            "u", Base85Codec.encodeUUID(id), offset, bytes.length, rows.getLongCardinality()));
        }
        return new VectorFile("deletion_vector_" + id + ".bin", content.toByteArray(), stored);
    }
}
