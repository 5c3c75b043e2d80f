package dev.wadi.generator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wadi.contract.TableName;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the tables must hold in the end, whatever the order of arrival, computed from the events that were sent.
 *
 * <p>The file has a JSON object a line: first what was sent, then {@code {"table", "rows"}} or {@code {"table", "least", "most"}} for
 * each table that is only counted, then {@code {"table", "row"}} for each row of silver, without the columns that say
 * where it came from. A row that another event of the same key and time may have made instead has those under {@code "or"}: which one
 * came first cannot be known. A column that is null is left out. In memory a row takes about 1 kB.
 */
public final class Truth {
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private final SyntheticStream stream;
    private final Map<String, State> states = new LinkedHashMap<>();
    /** The beginnings of the hashes of the events that fit. */
    private final Set<Long> contents = new HashSet<>();

    private long events;
    private long misfits;
    /** Events that share key and time with another of another content. */
    private long ties;

    /** The newest of a key: its time, and every event of that time. */
    private record State(Instant time, List<String> texts) {}

    public Truth(SyntheticStream stream) {
        this.stream = stream;
    }

    /** Takes an event as it was sent. */
    void add(String text, Fault fault) {
        events++;
        if (fault == Fault.MALFORMED) {
            misfits++;
            return;
        }
        if (!contents.add(hash(text))) {
            return;
        }
        if (fault == Fault.TIED) {
            ties++;
        }
        State state = new State(Instant.parse(value(text, stream.time())), List.of(text));
        states.merge(value(text, stream.key()), state, Truth::newest);
    }

    /** The text of a field at the top of a generated event, which has it before any other of the name. */
    private static String value(String text, String field) {
        String start = "\"" + field + "\":\"";
        int begin = text.indexOf(start) + start.length();
        return text.substring(begin, text.indexOf('"', begin));
    }

    private String row(String text) throws IOException {
        return JSON.writeValueAsString(stream.row(JSON.readTree(text)));
    }

    private static State newest(State known, State added) {
        int order = added.time().compareTo(known.time());
        if (order != 0) {
            return order > 0 ? added : known;
        }
        List<String> texts = new ArrayList<>(known.texts());
        texts.addAll(added.texts());
        return new State(known.time(), List.copyOf(texts));
    }

    private static long hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long start = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                start = start << 8 | hash[i] & 0xFF;
            }
            return start;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Writes the file, whole or not at all. */
    void write(Path file, Options options, Target target) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path unfinished = absolute.resolveSibling(absolute.getFileName() + ".part");
        try (BufferedWriter out = Files.newBufferedWriter(unfinished)) {
            Map<String, Object> sent = new LinkedHashMap<>();
            sent.put("stream", stream.toString());
            sent.put("seed", options.seed());
            sent.put("start", options.start().toString());
            sent.put("to", target.toString());
            sent.put("events", events);
            sent.put("malformed", misfits);
            line(out, sent);
            for (Map<String, Object> count : counts(target)) {
                line(out, count);
            }
            for (State state : states.values()) {
                Set<String> rows = new LinkedHashSet<>();
                for (String text : state.texts()) {
                    rows.add(row(text));
                }
                String first = rows.iterator().next();
                rows.remove(first);
                out.write("{\"table\":\"%s\",\"row\":%s".formatted(stream.silver(), first));
                if (!rows.isEmpty()) {
                    out.write(",\"or\":[" + String.join(",", rows) + "]");
                }
                out.write("}\n");
            }
        }
        Files.move(unfinished, absolute, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<Map<String, Object>> counts(Target target) {
        // of a row that changes, polling sees the last state for sure
        long least = target.keepsStates() ? stream.keyedEvents() ? states.size() : contents.size() : states.size();
        long most = stream.keyedEvents() ? states.size() : contents.size();
        long refused = target.refuses() ? 0 : misfits;
        long rivals = contents.size() - states.size();
        return List.of(
                count(stream.bronze(), least, most),
                stream.keyedEvents()
                        ? count(quarantine(stream.bronze()), refused + rivals, refused + rivals)
                        : count(quarantine(stream.bronze()), refused, refused),
                count(quarantine(stream.silver()), 0, stream.keyedEvents() ? 0 : ties));
    }

    private static TableName quarantine(TableName table) {
        return new TableName("quarantine", table.layer() + "_" + table.name());
    }

    private static Map<String, Object> count(TableName table, long least, long most) {
        Map<String, Object> count = new LinkedHashMap<>();
        count.put("table", table.toString());
        if (least == most) {
            count.put("rows", least);
        } else {
            count.put("least", least);
            count.put("most", most);
        }
        return count;
    }

    private static void line(BufferedWriter out, Object value) throws IOException {
        out.write(JSON.writeValueAsString(value));
        out.write('\n');
    }
}
