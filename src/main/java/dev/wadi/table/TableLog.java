package dev.wadi.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.wadi.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files in {@code _delta_log}, read as they are: which versions there are, and what each commit says about itself. Kernel
 * has no public way to ask for that.
 */
final class TableLog {
    private static final Pattern ENTRY = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT = Pattern.compile("(\\d{20})\\.checkpoint(\\.[^/]*)?\\.(parquet|json)");
    private static final ObjectReader JSON = new ObjectMapper().reader();

    private final Store store;
    private final List<Entry> entries = new ArrayList<>();
    private long firstCheckpoint = Long.MAX_VALUE;

    /**
     * A log entry.
     *
     * @param timestamp of its file in milliseconds since the epoch, made later than that of the entry before, as Delta does
     */
    record Entry(long version, String path, long timestamp) {}

    private TableLog(Store store) {
        this.store = store;
    }

    /** Lists the log of the table in {@code folder}. */
    static TableLog list(Store store, String folder) throws IOException {
        TableLog log = new TableLog(store);
        long last = Long.MIN_VALUE;
        for (Store.Entry file : store.listFrom(folder + "/_delta_log/" + "0".repeat(20))) {
            String name = file.path().substring(file.path().lastIndexOf('/') + 1);
            Matcher entry = ENTRY.matcher(name);
            Matcher checkpoint = CHECKPOINT.matcher(name);
            if (entry.matches()) {
                last = Math.max(file.modified(), last + 1);
                log.entries.add(new Entry(Long.parseLong(entry.group(1)), file.path(), last));
            } else if (checkpoint.matches()) {
                log.firstCheckpoint = Math.min(log.firstCheckpoint, Long.parseLong(checkpoint.group(1)));
            }
        }
        return log;
    }

    /** In the order of their versions. */
    List<Entry> entries() {
        return entries;
    }

    /** The oldest version that the log can still build: the first, or that of the first checkpoint. */
    long oldest() {
        boolean whole = !entries.isEmpty() && entries.getFirst().version() == 0;
        return whole || firstCheckpoint == Long.MAX_VALUE ? 0 : firstCheckpoint;
    }

    /** What a commit says about itself; null when its file was cleaned up meanwhile. */
    @Nullable
    Commit commit(Entry entry) throws IOException {
        JsonNode[] info = {null};
        try {
            scan(entry, action -> {
                info[0] = action.get("commitInfo");
                return info[0] == null;
            });
        } catch (NoSuchFileException e) {
            return null;
        }
        JsonNode found = info[0];
        if (found == null) {
            return new Commit(entry.version(), Instant.ofEpochMilli(entry.timestamp()), null, Map.of(), Map.of(), null);
        }
        JsonNode time = found.path("inCommitTimestamp");
        return new Commit(
                entry.version(),
                Instant.ofEpochMilli(time.isNumber() ? time.asLong() : entry.timestamp()),
                text(found, "operation"),
                texts(found.path("operationParameters")),
                texts(found.path("operationMetrics")),
                text(found, "engineInfo"));
    }

    private static @Nullable String text(JsonNode info, String name) {
        JsonNode value = info.path(name);
        return value.isTextual() ? value.asText() : null;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(member -> texts.put(
                        member.getKey(),
                        member.getValue().isValueNode()
                                ? member.getValue().asText()
                                : member.getValue().toString()));
        return texts;
    }

    /** Gives each action of an entry to {@code each}, until that says it has seen enough. */
    void scan(Entry entry, Predicate<JsonNode> each) throws IOException {
        String text = new String(store.read(entry.path()), StandardCharsets.UTF_8);
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end > start && !each.test(JSON.readTree(text.substring(start, end)))) {
                return;
            }
            start = end + 1;
        }
    }
}
