package dev.wadi.lineage;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Sql;
import dev.wadi.merge.Arrivals;
import dev.wadi.merge.Commits;
import dev.wadi.merge.Intakes;
import dev.wadi.route.Flow;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Waits, up to a limit, until tables are as one who asks wants them. */
@Singleton
public final class Patience {
    /** Versions of other processes, and progress without a commit, are looked for this often. */
    private static final Duration LOOK = Duration.ofMillis(50);
    /** How often a receipt is looked for in the tables that this process did not see it come to. */
    private static final Duration SEARCH = Duration.ofSeconds(1);

    private final Freshness freshness;
    private final Intakes intakes;
    private final LakeReader reader;
    private final Contracts contracts;
    private final Commits commits;
    private final AutoCloseable listening;
    private final Object news = new Object();

    Patience(Freshness freshness, Intakes intakes, LakeReader reader, Contracts contracts, Commits commits) {
        this.freshness = freshness;
        this.intakes = intakes;
        this.reader = reader;
        this.contracts = contracts;
        this.commits = commits;
        this.listening = commits.listen((table, version) -> {
            synchronized (news) {
                news.notifyAll();
            }
        });
    }

    /** How a wait for a receipt ended. */
    public enum Arrived {
        /** Its events are in the tables. */
        EVERYWHERE,
        /** They are in bronze, and not in all that is made of it. */
        COMMITTED,
        /** No table has them yet, or they were refused there before this process started. */
        NOWHERE
    }

    /**
     * Waits until the newest version of each table is made of all that came in before {@code age} ago.
     *
     * @return the watermark, which is too old when the wait was in vain
     */
    public Instant untilFresh(Set<TableName> tables, Duration age, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Commits.Wait wait = commits.await(freshness.lineage().routes(tables))) {
            while (true) {
                Instant watermark = freshness.watermark(tables);
                if (!watermark.isBefore(Instant.now().minus(age)) || System.nanoTime() >= deadline) {
                    return watermark;
                }
                rest(deadline);
            }
        }
    }

    /** Waits until the newest version of each table holds the events of a receipt, as far as it is made of them. */
    public Arrived until(String receipt, Set<TableName> tables, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Commits.Wait wait = commits.await(freshness.lineage().routes(tables))) {
            return until(receipt, tables, deadline);
        }
    }

    private Arrived until(String receipt, Set<TableName> tables, long deadline) throws InterruptedException {
        Front front = null;
        long searched = System.nanoTime() - SEARCH.toNanos();
        while (true) {
            if (front == null) {
                Optional<Arrivals.Arrival> arrival = intakes.arrivals().find(receipt);
                if (arrival.isEmpty() && System.nanoTime() - searched >= SEARCH.toNanos()) {
                    arrival = search(receipt, tables);
                    searched = System.nanoTime();
                }
                front = arrival.map(Front::new).orElse(null);
            }
            if (front != null && front.reaches(freshness.lineage(), tables)) {
                return Arrived.EVERYWHERE;
            }
            if (System.nanoTime() >= deadline) {
                return front == null ? Arrived.NOWHERE : Arrived.COMMITTED;
            }
            rest(deadline);
        }
    }

    private void rest(long deadline) throws InterruptedException {
        long left = Math.min(LOOK.toMillis(), (deadline - System.nanoTime()) / 1_000_000 + 1);
        synchronized (news) {
            news.wait(Math.max(1, left));
        }
    }

    /** How far the events of an arrival have got: of each table the version that holds them for sure. */
    private final class Front {
        private final TableName root;
        private final Map<TableName, Long> held = new HashMap<>();
        private final Set<Flow> passed = new LinkedHashSet<>();

        Front(Arrivals.Arrival arrival) {
            this.root = arrival.table();
            held.put(root, arrival.version());
        }

        boolean reaches(Lineage lineage, Set<TableName> tables) {
            List<Flow> wanted = wanted(lineage, tables);
            boolean more = true;
            while (more) {
                more = false;
                for (Flow flow : wanted) {
                    Long source = held.get(flow.source());
                    if (source != null
                            && !passed.contains(flow)
                            && whole(flow.source(), wanted)
                            && freshness.progress(flow) >= source) {
                        passed.add(flow);
                        held.merge(flow.target(), freshness.version(flow.target()), Math::max);
                        more = true;
                    }
                }
            }
            return passed.containsAll(wanted);
        }

        /** Whether all that flows into a table from the root has got there. */
        private boolean whole(TableName table, List<Flow> wanted) {
            return wanted.stream().filter(flow -> flow.target().equals(table)).allMatch(passed::contains);
        }

        /** The flows on a way from the root to one of the tables. */
        private List<Flow> wanted(Lineage lineage, Set<TableName> tables) {
            Set<TableName> upstream = lineage.upstream(tables);
            Set<TableName> downstream = new LinkedHashSet<>(Set.of(root));
            boolean more = true;
            while (more) {
                more = false;
                for (Flow flow : lineage.flows()) {
                    more |= downstream.contains(flow.source()) && downstream.add(flow.target());
                }
            }
            return lineage.flows().stream()
                    .filter(flow -> downstream.contains(flow.source()) && upstream.contains(flow.target()))
                    .toList();
        }
    }

    /** For what came before this process started, or to another one: the events themselves, where they were kept. */
    private Optional<Arrivals.Arrival> search(String receipt, Set<TableName> tables) {
        String message = Arrivals.message(receipt);
        Instant sent = Receipts.time(message);
        for (TableName root : freshness.lineage().roots(tables)) {
            Optional<Contract> contract = contracts.find(root);
            String position =
                    contract.flatMap(each -> filled(each, Column.Fill.POSITION)).orElse(null);
            String received = contract.flatMap(each -> filled(each, Column.Fill.RECEIVED_AT))
                    .orElse(null);
            if (position == null || received == null) {
                continue;
            }
            try (Pin pin = reader.pin(Set.of(root));
                    PreparedStatement select = pin.connection()
                            .prepareStatement(
                                    "SELECT 1 FROM %s.%s WHERE %s >= to_timestamp(?) AND (%s = ? OR starts_with(%s, ?)) LIMIT 1"
                                            .formatted(
                                                    Sql.name(root.layer()),
                                                    Sql.name(root.name()),
                                                    Sql.name(received),
                                                    Sql.name(position),
                                                    Sql.name(position)))) {
                select.setDouble(1, sent.toEpochMilli() / 1e3);
                select.setString(2, message);
                select.setString(3, message + "#");
                try (ResultSet found = select.executeQuery()) {
                    if (found.next()) {
                        return Optional.of(
                                new Arrivals.Arrival(root, pin.versions().getOrDefault(root, 0L)));
                    }
                }
            } catch (SQLException e) {
                throw new IllegalStateException("%s cannot be searched for a receipt".formatted(root), e);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> filled(Contract contract, Column.Fill fill) {
        return contract.columns().stream()
                .filter(column -> column.fill() == fill)
                .map(Column::name)
                .findFirst();
    }

    @PreDestroy
    void close() throws Exception {
        listening.close();
    }
}
