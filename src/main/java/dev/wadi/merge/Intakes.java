package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.TableName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** The intake of each table, made when first asked for. */
public final class Intakes implements AutoCloseable {
    private final Contracts contracts;
    private final Merger merger;
    private final Arrivals arrivals = new Arrivals();
    private final IntakeSettings settings;
    private final MeterRegistry registry;
    private final Map<TableName, TableIntake> intakes = new ConcurrentHashMap<>();
    /** Tables that have their gauges. */
    private final Set<TableName> measured = ConcurrentHashMap.newKeySet();

    Intakes(Contracts contracts, Merger merger, IntakeSettings settings, MeterRegistry registry) {
        this.contracts = contracts;
        this.merger = merger;
        this.settings = settings;
        this.registry = registry;
        contracts.listen(this::follow);
    }

    /** Ends the intakes of contracts that are no longer what they were; the next who asks gets another. */
    private void follow() {
        for (TableIntake intake : intakes.values()) {
            TableName table = intake.contract().table();
            if (!contracts.find(table).equals(Optional.of(intake.contract())) && intakes.remove(table, intake)) {
                intake.close();
            }
        }
    }

    /** @throws IllegalArgumentException when no contract describes the table, or it takes no events */
    public Intake intake(TableName table) {
        return intakes.computeIfAbsent(table, this::create);
    }

    /** Rows that doors handed in within the last second. */
    public long perSecond() {
        return intakes.values().stream().mapToLong(TableIntake::perSecond).sum();
    }

    /** Whether a source is being emptied into one of them as fast as it goes. */
    public boolean flooded() {
        return intakes.values().stream().anyMatch(TableIntake::flooded);
    }

    /** How long the oldest event of a table was handed in ago that no commit holds; zero when there is none. */
    public Duration uncommitted(TableName table) {
        TableIntake intake = intakes.get(table);
        return intake == null ? Duration.ZERO : intake.uncommitted();
    }

    /** Which of the messages that came last are committed. */
    public Arrivals arrivals() {
        return arrivals;
    }

    private TableIntake create(TableName table) {
        Contract contract = contracts.get(table);
        EventShape shape = contract.event();
        if (shape == null) {
            throw new IllegalArgumentException(
                    ("%s takes no events: its contract (%s) has no column with `fill: payload`."
                                    + " Send them to a bronze table, or fill %s by a SELECT (`?query=`)")
                            .formatted(table, contract.file(), table));
        }
        merger.lake().table(contract);
        measure(table);
        return new TableIntake(contract, shape, merger, arrivals, settings);
    }

    /** Once a table, whichever intake it has. */
    private void measure(TableName table) {
        if (!measured.add(table)) {
            return;
        }
        Gauge.builder("wadi.intake.queue.age", () -> of(table, TableIntake::oldestSeconds))
                .baseUnit("seconds")
                .tag("table", table.toString())
                .register(registry);
        Gauge.builder("wadi.intake.queue.rows", () -> of(table, each -> (double) each.queued()))
                .tag("table", table.toString())
                .register(registry);
    }

    private double of(TableName table, ToDoubleFunction<TableIntake> number) {
        TableIntake intake = intakes.get(table);
        return intake == null ? 0 : number.applyAsDouble(intake);
    }

    /** Merges what is queued; deliveries after that fail and go back to their source. */
    @Override
    public void close() {
        intakes.values().forEach(TableIntake::close);
    }
}
