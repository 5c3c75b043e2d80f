package dev.wadi.merge;

import dev.wadi.table.TableSnapshot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a reader has read its source when a delivery is committed: it and all before it are then in the table or in
 * quarantine. The commit that holds them holds the watermark too, so the two cannot come apart.
 *
 * @param reading the run through the source that the delivery is part of
 * @param value what the reader needs to go on from here; text that only it understands
 */
public record Watermark(Reading reading, String value) {

    /** The last of each reader, in the order of {@code deliveries}, by the domain that keeps it. */
    static Map<String, String> last(List<Delivery> deliveries) {
        Map<String, String> last = new LinkedHashMap<>();
        for (Delivery delivery : deliveries) {
            Watermark watermark = delivery.watermark();
            if (watermark != null) {
                last.put(TableSnapshot.WATERMARK + watermark.reading().reader(), watermark.value());
            }
        }
        return last;
    }

    /** Those that a version does not have yet. */
    static Map<String, String> moved(Map<String, String> watermarks, TableSnapshot base) {
        Map<String, String> moved = new HashMap<>(watermarks);
        moved.entrySet().removeIf(each -> each.getValue().equals(base.domains().get(each.getKey())));
        return moved;
    }
}
