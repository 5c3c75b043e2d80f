package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** A lake with the shipped contracts, which the shipped transforms fill from bronze. */
public final class ShippedLake implements AutoCloseable {
    private static final Contracts SHIPPED = Contracts.load(Path.of("schemas", "tables"));
    private static final Path TRANSFORMS = Path.of("routes", "transform");
    private static final String DELTA = "delta:";

    private final MergeFixture wadi;
    private final List<Transforms.Transform> transforms = new ArrayList<>();

    public ShippedLake(Path folder) throws IOException {
        wadi = new MergeFixture(folder, SHIPPED.all().toArray(Contract[]::new));
        try (Stream<Path> files = Files.list(TRANSFORMS)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList()) {
                for (Object item : (List<?>) new Yaml().load(Files.readString(file))) {
                    read(member(item, "route"));
                }
            }
        }
    }

    private void read(Object route) throws IOException {
        String from = member(member(route, "from"), "uri").toString();
        for (Object step : (List<?>) member(member(route, "from"), "steps")) {
            if (from.startsWith(DELTA)) {
                Object to = member(step, "to");
                String query = member(member(to, "parameters"), "query").toString();
                transforms.add(new Transforms.Transform(
                        member(route, "id").toString(),
                        TableName.parse(from.substring(DELTA.length())),
                        TableName.parse(member(to, "uri").toString().substring(DELTA.length())),
                        Files.readString(TRANSFORMS.resolve(query))));
            }
        }
    }

    private static Object member(Object yaml, String key) {
        return Objects.requireNonNull(((Map<?, ?>) yaml).get(key), key);
    }

    /** Merges events into the bronze table of their stream. @param rows a SELECT of them */
    public void land(String stream, String rows) {
        wadi.merge(SHIPPED.get(new TableName("bronze", stream)), rows);
    }

    /** Runs all transforms until nothing is left to do. */
    public void settle() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Transforms.Transform transform : transforms) {
                changed |= wadi.transforms.run(transform) instanceof MergeOutcome.Committed;
            }
        }
    }

    public LakeReader reader() {
        return wadi.reader;
    }

    @Override
    public void close() throws Exception {
        wadi.close();
    }
}
