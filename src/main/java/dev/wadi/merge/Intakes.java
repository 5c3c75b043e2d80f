package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.TableName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The intake of each table, made when first asked for. */
public final class Intakes implements AutoCloseable {
    private final Contracts contracts;
    private final Merger merger;
    private final Arrivals arrivals = new Arrivals();
    private final IntakeSettings settings;
    private final MeterRegistry registry;
    private final Map<TableName, TableIntake> intakes = new ConcurrentHashMap<>();

    Intakes(Contracts contracts, Merger merger, IntakeSettings settings, MeterRegistry registry) {
        this.contracts = contracts;
        this.merger = merger;
        this.settings = settings;
        this.registry = registry;
    }

    /** @throws IllegalArgumentException when no contract describes the table, or it takes no events */
    public Intake intake(TableName table) {
        return intakes.computeIfAbsent(table, this::create);
    }

    /** Rows that all intakes together hold and have not committed. */
    public long waiting() {
        return intakes.values().stream().mapToLong(TableIntake::queued).sum();
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
        TableIntake intake = new TableIntake(contract, shape, merger, arrivals, settings);
        Gauge.builder("wadi.intake.queue.age", intake, TableIntake::oldestSeconds)
                .baseUnit("seconds")
                .tag("table", table.toString())
                .register(registry);
        Gauge.builder("wadi.intake.queue.rows", intake, each -> (double) each.queued())
                .tag("table", table.toString())
                .register(registry);
        return intake;
    }

    /** Merges what is queued; deliveries after that fail and go back to their source. */
    @Override
    public void close() {
        intakes.values().forEach(TableIntake::close);
    }
}
