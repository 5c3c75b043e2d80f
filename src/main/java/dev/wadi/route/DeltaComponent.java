package dev.wadi.route;

import dev.wadi.contract.TableName;
import dev.wadi.file.FileFormat;
import dev.wadi.merge.ChangeFeeds;
import dev.wadi.merge.FeedStart;
import dev.wadi.yaml.Spelling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code delta:layer.table}: a table of the lake. {@code from:} wakes a route on each new version, or with
 * {@code ?feed=name} gives it the rows that each version changed; {@code to:} merges bodies into the table, or with
 * {@code ?query=file.sql} what a SELECT gives. A body may be a file; {@code to: delta:bronze.*} takes files into the table of
 * the stream that each is of.
 */
final class DeltaComponent extends DefaultComponent implements Parameters {
    static final Duration POLL = Duration.ofSeconds(5);
    static final int BATCH_ROWS = 1_000;

    /** Names the text of a query, so that a route goes on with the text it was made with whatever becomes of the file. */
    static final String QUERY_TEXT = "queryText";

    /** What may be written. */
    static final List<String> PARAMETERS = List.of(
            "query",
            "poll",
            "feed",
            "startingVersion",
            "batchRows",
            "format",
            "delimiter",
            "charset",
            "dateFormat",
            "timestampFormat",
            "timeZone",
            "decimal",
            "nullText");

    private static final Pattern FEED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** Stands for the table of the stream that a file is of. */
    private static final String ANY_STREAM = ".*";

    private final Tables tables;
    private final TransformPace pace;
    private @Nullable FileLoads loads;
    /** The texts of queries by their names. A text is some kilobytes, and there are as many as edits. */
    private final Map<String, String> queries = new ConcurrentHashMap<>();

    DeltaComponent(Tables tables) {
        this(tables, new TransformPace(tables, Runtime.getRuntime().availableProcessors()));
    }

    DeltaComponent(Tables tables, TransformPace pace) {
        this.tables = tables;
        this.pace = pace;
    }

    Tables tables() {
        return tables;
    }

    TransformPace pace() {
        return pace;
    }

    /** Made when the first file comes. */
    synchronized FileLoads loads() {
        FileLoads open = loads;
        if (open == null) {
            open = new FileLoads();
            loads = open;
        }
        return open;
    }

    @Override
    protected void doStop() throws Exception {
        synchronized (this) {
            if (loads != null) {
                loads.close();
                loads = null;
            }
        }
        super.doStop();
    }

    /** Returns the name of a text, the same for the same text. */
    String keep(String sql) {
        try {
            String name = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8)))
                    .substring(0, 16);
            queries.put(name, sql);
            return name;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Collection<String> parameters() {
        return PARAMETERS;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String table, Map<String, Object> parameters) {
        FileFormat format = DeltaFileFormat.read(name -> getAndRemoveParameter(parameters, name, String.class));
        if (table.endsWith(ANY_STREAM)) {
            String layer = table.substring(0, table.length() - ANY_STREAM.length());
            return new DeltaEndpoint(uri, this, null, layer, null, null, null, POLL, format);
        }
        TableName name = TableName.parse(table);
        if (tables.contracts().find(name).isEmpty()) {
            List<String> known = tables.contracts().all().stream()
                    .map(contract -> contract.table().toString())
                    .toList();
            @Nullable String near = Spelling.nearest(name.toString(), known);
            throw new IllegalArgumentException("delta:%s: no contract describes the table: write %s, or add %s"
                    .formatted(
                            name,
                            near == null ? "one of " + String.join(", ", known) : near,
                            "schemas/tables/" + name + ".odcs.yaml"));
        }
        @Nullable String query = getAndRemoveParameter(parameters, "query", String.class);
        Duration poll = getAndRemoveParameter(parameters, "poll", Duration.class, POLL);
        if (poll.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "poll=%d ms: write 1 or more, such as poll=5000".formatted(poll.toMillis()));
        }
        @Nullable String text = getAndRemoveParameter(parameters, QUERY_TEXT, String.class);
        return new DeltaEndpoint(
                uri,
                this,
                name,
                name.layer(),
                query(query),
                text == null ? null : queries.get(text),
                feed(parameters),
                poll,
                format);
    }

    private DeltaEndpoint.@Nullable Feed feed(Map<String, Object> parameters) {
        @Nullable String name = getAndRemoveParameter(parameters, "feed", String.class);
        @Nullable String start = getAndRemoveParameter(parameters, "startingVersion", String.class);
        @Nullable Integer rows = getAndRemoveParameter(parameters, "batchRows", Integer.class);
        if (name == null) {
            if (start != null || rows != null) {
                throw new IllegalArgumentException(
                        "startingVersion and batchRows belong to a feed: write feed=NAME too, such as feed=search-index");
            }
            return null;
        }
        if (!FEED.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "feed=%s: write a name of letters, digits, '.', '_' and '-', such as feed=search-index"
                            .formatted(name));
        }
        int batchRows = rows == null ? BATCH_ROWS : rows;
        if (batchRows < ChangeFeeds.LEAST_ROWS) {
            throw new IllegalArgumentException("batchRows=%d: write %d or more, such as batchRows=%d"
                    .formatted(batchRows, ChangeFeeds.LEAST_ROWS, BATCH_ROWS));
        }
        return new DeltaEndpoint.Feed(name, FeedStart.parse(start == null ? "snapshot" : start), batchRows);
    }

    /** {@link RouteFolder} has resolved it against the route file; a dynamic endpoint misses that. */
    private static @Nullable Path query(@Nullable String query) {
        if (query == null) {
            return null;
        }
        Path file = Path.of(query);
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException(
                    "query=%s: a query is found beside its route file only from `to:`: write to: instead of toD:"
                            .formatted(query));
        }
        return file;
    }
}
