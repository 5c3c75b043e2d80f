package dev.wadi.kpi;

import dev.wadi.contract.Contracts;
import dev.wadi.yaml.FileWatch;
import dev.wadi.yaml.Mistakes;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The KPIs as their files have them now. Changed files take effect all together or, when there is a mistake in any, not at all:
 * then the definitions of before stay, and {@link #problem} says why. Changed contracts are changes of what rests on them.
 */
public final class LiveKpis implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveKpis.class);

    private volatile Kpis now;
    private volatile @Nullable Problem problem;
    private @Nullable FileWatch watch;

    /**
     * What is wrong with the files, while the definitions of before answer.
     *
     * @param mistakes {@code file:line: problem: cure} each
     * @param since when it was found
     */
    public record Problem(List<String> mistakes, Instant since) {}

    private LiveKpis(Kpis first) {
        this.now = first;
    }

    /** KPIs that follow no files. */
    public static LiveKpis fixed(Kpis kpis) {
        return new LiveKpis(kpis);
    }

    /**
     * KPIs that follow the files under {@code folder}.
     *
     * @throws KpiException when there is a mistake in one now
     */
    static LiveKpis follow(Path folder, Contracts contracts, MeterRegistry meters) {
        LiveKpis live = new LiveKpis(Kpis.none());
        // before the first reading: what changes while it is read is seen
        FileWatch watch = new FileWatch("KPIs", Kpis.files(folder)::find, () -> live.read(folder, contracts, meters));
        live.now = Kpis.load(folder, contracts);
        live.watch = watch;
        watch.start();
        contracts.listen(watch::again);
        return live;
    }

    /** All definitions of one moment. Keep it for the length of one request. */
    public Kpis now() {
        return now;
    }

    /** Empty when the files are what answers. */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    private void read(Path folder, Contracts contracts, MeterRegistry meters) {
        Mistakes mistakes = new Mistakes();
        Kpis next = Kpis.load(folder, contracts, mistakes);
        if (!Files.isDirectory(folder) && !now.all().isEmpty()) {
            mistakes.add(folder, 0, "is gone, with all KPIs. Put it back; to have none, leave it empty.");
        }
        boolean ok = mistakes.count() == 0;
        meters.counter("wadi.kpis.reloads", "result", ok ? "ok" : "refused").increment();
        if (ok) {
            boolean same = problem == null && next.all().equals(now.all());
            now = next;
            problem = null;
            LOG.atLevel(same ? Level.DEBUG : Level.INFO)
                    .log("The KPIs follow their files: {}", String.join(", ", next.names()));
        } else {
            problem = new Problem(mistakes.lines(), Instant.now());
            LOG.warn(
                    "The changed KPIs cannot be used, so those of before answer on:\n{}",
                    String.join("\n", mistakes.lines()));
        }
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
