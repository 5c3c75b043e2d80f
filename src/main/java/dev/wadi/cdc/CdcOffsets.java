package dev.wadi.cdc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/** Where Debezium finds its offset: the one that the table has. What it stores itself is for the slot, and is forgotten. */
public final class CdcOffsets extends MemoryOffsetBackingStore {
    /** The properties with which the engine gives the stored offset. */
    static final String MARK = "wadi.mark";

    static final String NAME = "name";

    @Override
    public void configure(WorkerConfig config) {
        super.configure(config);
        Object watermark = config.originals().get(MARK);
        if (watermark != null) {
            Mark mark = Mark.parse(watermark.toString());
            data.put(
                    bytes(List.of(String.valueOf(config.originals().get(NAME)), mark.partition())),
                    bytes(mark.offset()));
        }
    }

    private static ByteBuffer bytes(Object json) {
        return ByteBuffer.wrap(Mark.json(json).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }
}
