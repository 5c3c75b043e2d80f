package dev.wadi.poll;

import dev.wadi.contract.Contract;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.TableName;
import dev.wadi.event.FlatFormat;
import dev.wadi.event.FlatRow;
import dev.wadi.merge.Reading;
import dev.wadi.route.Flight;
import dev.wadi.route.Lag;
import dev.wadi.route.RouteTarget;
import dev.wadi.route.SourceTrouble;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Processor;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: sql:...?watermark=}. Each poll reads page after page until there is no more; the events of a page are under way
 * together, and the next page waits for them. After any failure it begins again at the place that the table remembers.
 */
final class PollConsumer extends ScheduledPollConsumer implements Lag.Known {
    private static final Logger LOG = LoggerFactory.getLogger(PollConsumer.class);
    /** Counting is work for the database: it is done so often, and no further than so many rows. */
    private static final Duration COUNT_EVERY = Duration.ofSeconds(5);

    private static final int MOST_COUNTED = 100_000;
    /** A time without a zone is taken for UTC, in which the session writes the others. */
    private static final FlatFormat FORMAT = new FlatFormat(List.of(), List.of(), ZoneOffset.UTC, false);

    private final PollEndpoint endpoint;
    private final PollSettings settings;
    private final SourceTrouble trouble = new SourceTrouble(LOG);
    private final Recent recent = new Recent();

    private TableName target = new TableName("bronze", "none");
    private @Nullable Reading reading;
    private @Nullable Place reached;
    private long resumeAt = System.nanoTime();
    private @Nullable String warned;
    /** Rows that are not read yet, as far as they were counted; negative while nobody knows. */
    private volatile long behind = -1;

    private long countedAt = System.nanoTime() - COUNT_EVERY.toNanos();

    PollConsumer(PollEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.settings = endpoint.settings();
    }

    @Override
    protected void doStart() throws Exception {
        target = RouteTarget.of(endpoint.getCamelContext(), getRouteId());
        endpoint.component().sources().opened(getRouteId(), trouble::problem);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        endpoint.component().sources().closed(getRouteId());
    }

    /** Rows past those that were read; those of the overlap are not among them. */
    @Override
    public @Nullable Lag lag() {
        long now = behind;
        return now < 0 ? null : new Lag(now, "rows");
    }

    private EventShape shape() {
        Contract contract = endpoint.component().tables().contracts().get(target);
        EventShape shape = contract.event();
        if (shape == null) {
            throw new IllegalArgumentException(
                    "%s takes no events: its contract (%s) has no column with `fill: payload`. Poll into a bronze table"
                            .formatted(target, contract.file()));
        }
        return shape;
    }

    @Override
    protected int poll() throws InterruptedException {
        if (System.nanoTime() - resumeAt < 0) {
            return 0;
        }
        try {
            int rows = readOn();
            trouble.reads(getRouteId());
            return rows;
        } catch (SQLException | Flight.Failed | RuntimeException e) {
            reading = null;
            behind = -1;
            if (isRunAllowed()) {
                trouble.cannotRead(getRouteId(), target, e instanceof SQLException sql ? PollProblem.explain(sql) : e);
            }
            resumeAt = System.nanoTime() + trouble.pause().toNanos();
            return 0;
        }
    }

    private int readOn() throws SQLException, Flight.Failed, InterruptedException {
        Reading current = reading;
        if (current == null) {
            current = new Reading(getRouteId());
            recent.clear();
            reached = endpoint.component()
                    .tables()
                    .watermark(target, getRouteId())
                    .map(text -> Place.parse(text, settings.watermark().size()))
                    .orElse(null);
        }
        try (Connection connection = endpoint.getDataSource().getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            PollQuery select = PollQuery.describe(connection, settings);
            warn(select);
            int rows = new Round(connection, select, current).read();
            reading = current;
            return rows;
        }
    }

    private void warn(PollQuery select) {
        if (!select.nullable().isEmpty() && !select.table().equals(warned)) {
            warned = select.table();
            LOG.warn(
                    "{}: {} of {} may be null, and a row where it is null is never read: ALTER TABLE {} ALTER COLUMN {} SET NOT NULL",
                    getRouteId(),
                    select.nullable(),
                    select.table(),
                    select.table(),
                    select.nullable().getFirst());
        }
    }

    /** One poll: from the overlap before the place that was reached to the last row there is. */
    private final class Round {
        private final Connection connection;
        private final PollQuery select;
        private final FlatRow events;
        private final List<Integer> carried = new ArrayList<>();
        private final Flight flight;
        private final String began;

        Round(Connection connection, PollQuery select, Reading reading) throws SQLException {
            this.connection = connection;
            this.select = select;
            this.flight = new Flight(PollConsumer.this, reading, settings.pageRows());
            EventShape shape = shape();
            List<FlatRow.Column> columns = new ArrayList<>();
            for (int i = 0; i < select.columns().size(); i++) {
                FlatRow.Column column = select.columns().get(i);
                if (!select.watermark().contains(i) || isField(shape, column.name())) {
                    carried.add(i);
                    columns.add(column);
                }
            }
            try {
                this.events = FlatRow.typed(shape, columns, FORMAT);
            } catch (IllegalArgumentException e) {
                throw new SQLException("%s: %s".formatted(select.table(), e.getMessage()), e);
            }
            if (!events.missing().isEmpty()) {
                throw new SQLException(
                        "%s has no column for %s, which every event of %s has: name it in the SELECT, such as `reference AS %s`"
                                .formatted(
                                        select.table(),
                                        String.join(", ", events.missing()),
                                        target,
                                        events.missing().getFirst().replace('.', '_')));
            }
            this.began = clock();
        }

        /** A watermark column that the contract does not know tells the order of the rows and is no part of the event. */
        private boolean isField(EventShape shape, String name) {
            return shape.fields().stream().anyMatch(field -> field.name().equals(name));
        }

        private String clock() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet now = statement.executeQuery("SELECT clock_timestamp()::text")) {
                now.next();
                return now.getString(1);
            }
        }

        int read() throws SQLException, Flight.Failed, InterruptedException {
            int read = 0;
            Place after = null;
            while (isPollAllowed() && !isSuspendingOrSuspended()) {
                Place start = reached;
                count(start);
                Place last = after;
                Place furthest = start;
                int rows = 0;
                int passed = 0;
                try (PreparedStatement page = select.page(connection, start, after);
                        ResultSet row = page.executeQuery()) {
                    select.require(row.getMetaData());
                    while (row.next()) {
                        rows++;
                        @Nullable String[] values = select.values(row);
                        last = place(values);
                        boolean past = select.past(row);
                        passed += past ? 1 : 0;
                        furthest = past || furthest == null ? last : furthest;
                        if (send(values, furthest, last)) {
                            read++;
                        }
                    }
                }
                connection.commit();
                flight.land();
                behind = Math.max(0, behind - passed);
                reached = furthest;
                after = last;
                if (rows < settings.pageRows()) {
                    reached = furthest == null ? null : new Place(furthest.row(), began);
                    recent.pollEnded();
                    behind = 0;
                    return read;
                }
            }
            return read;
        }

        private void count(@Nullable Place start) throws SQLException {
            if (System.nanoTime() - countedAt >= COUNT_EVERY.toNanos()) {
                behind = select.past(connection, start, MOST_COUNTED);
                countedAt = System.nanoTime();
            }
        }

        private Place place(@Nullable String[] values) {
            List<String> row = new ArrayList<>();
            for (int index : select.watermark()) {
                row.add(String.valueOf(values[index]));
            }
            return new Place(row, began);
        }

        /** False for a row that was read before and is the same. */
        private boolean send(@Nullable String[] values, Place watermark, Place position)
                throws Flight.Failed, InterruptedException {
            @Nullable String[] fields = new String[carried.size()];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = values[carried.get(i)];
            }
            byte[] event = events.event(fields);
            if (select.overlaps() && recent.add(event)) {
                return false;
            }
            List<String> named = new ArrayList<>();
            for (int i = 0; i < position.row().size(); i++) {
                named.add(settings.watermark().get(i) + "=" + position.row().get(i));
            }
            flight.send(event, "postgresql:" + select.table(), String.join(",", named), watermark.text());
            return true;
        }
    }
}
