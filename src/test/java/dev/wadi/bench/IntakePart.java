package dev.wadi.bench;

import com.sun.management.ThreadMXBean;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.generator.ClickstreamEvents;
import dev.wadi.generator.Options;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.Intake;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.merge.MergeOutcome;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** JSON events as the generator makes them, from the intake's door to committed rows of bronze.clickstream. In this process. */
final class IntakePart {
    private static final TableName TABLE = new TableName("bronze", "clickstream");
    private static final int BODY = 1_000;
    private static final int WARM_UP = 200;
    private static final int BODIES = 700;

    private IntakePart() {}

    static List<Figure> measure(Path folder) throws Exception {
        Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
        Iterator<String> events = ClickstreamEvents.texts(
                        Options.clean(7, Instant.parse("2026-11-01T00:00:00Z")), (long) BODY * (WARM_UP + BODIES))
                .iterator();
        try (MergeInProcess lake = new MergeInProcess(folder, contracts, "1GB", 2, "512MB")) {
            Intake intake = lake.intake(TABLE);
            submit(intake, bodies(events, WARM_UP));
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            List<byte[]> bodies = bodies(events, BODIES);
            long bytes = bodies.stream().mapToLong(body -> body.length).sum();
            long allocated = threads.getTotalThreadAllocatedBytes();
            long before = System.nanoTime();
            submit(intake, bodies);
            double seconds = (System.nanoTime() - before) / 1e9;
            allocated = threads.getTotalThreadAllocatedBytes() - allocated;
            long rows = (long) BODY * BODIES;
            lake.compact(TABLE);
            double packed = (double) lake.latest(TABLE).bytes()
                    * rows
                    / lake.latest(TABLE).rows();
            return List.of(
                    Figure.of(
                                    "JSON events of %d bytes to committed rows".formatted(bytes / rows),
                                    rows / seconds,
                                    "rows/s",
                                    "the aim",
                                    Double.NaN)
                            .atLeast(150_000),
                    Figure.of("JSON that came in, to the size on disk", bytes / packed, "to 1", "the aim", Double.NaN)
                            .atLeast(8),
                    Figure.of(
                                    "heap allocated for 100 events",
                                    allocated / 1e6 / rows * 100,
                                    "MB",
                                    "the aim",
                                    Double.NaN)
                            .atMost(1));
        }
    }

    private static List<byte[]> bodies(Iterator<String> events, int count) {
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder lines = new StringBuilder();
            for (int line = 0; line < BODY; line++) {
                lines.append(events.next()).append('\n');
            }
            bodies.add(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        return bodies;
    }

    private static void submit(Intake intake, List<byte[]> bodies) throws InterruptedException {
        List<CompletableFuture<MergeOutcome>> done = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            done.add(intake.submit(
                    new Delivery(bodies.get(i), "application/x-ndjson", "bench", "body " + i, Instant.now())));
        }
        done.forEach(CompletableFuture::join);
    }
}
