package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A lake with the shipped contracts, which the shipped transforms fill from bronze. */
public final class ShippedLake implements AutoCloseable {
    private static final Contracts SHIPPED = Contracts.load(Path.of("schemas", "tables"));

    private final MergeFixture wadi;
    private final List<Transforms.Transform> transforms = ShippedTransforms.all();

    public ShippedLake(Path folder) throws IOException {
        wadi = new MergeFixture(folder, SHIPPED.all().toArray(Contract[]::new));
    }

    /** Merges events into the bronze table of their stream. @param rows a SELECT of them */
    public void land(String stream, String rows) {
        wadi.merge(SHIPPED.get(new TableName("bronze", stream)), rows);
    }

    /** Runs all transforms until nothing is left to do. */
    public void settle() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Transforms.Transform transform : transforms) {
                changed |= wadi.transforms.run(transform) instanceof MergeOutcome.Committed;
            }
        }
    }

    public LakeReader reader() {
        return wadi.reader;
    }

    @Override
    public void close() throws Exception {
        wadi.close();
    }
}
