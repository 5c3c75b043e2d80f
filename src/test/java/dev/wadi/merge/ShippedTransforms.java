package dev.wadi.merge;

import dev.wadi.contract.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The transforms of routes/transform, read without Camel. */
final class ShippedTransforms {
    private static final Path FOLDER = Path.of("routes", "transform");

    private ShippedTransforms() {}

    static List<Transforms.Transform> all() {
        List<Transforms.Transform> transforms = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList()) {
                for (Object item : list(new Yaml().load(Files.readString(file)))) {
                    transforms.addAll(ofRoute(get(item, "route")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return transforms;
    }

    /** Those that fill a table. */
    static List<Transforms.Transform> of(TableName target) {
        return all().stream()
                .filter(transform -> transform.target().equals(target))
                .toList();
    }

    private static List<Transforms.Transform> ofRoute(Object route) throws IOException {
        List<Transforms.Transform> transforms = new ArrayList<>();
        for (Object step : list(get(get(route, "from"), "steps"))) {
            Object to = get(step, "to");
            if (!get(to, "uri").toString().startsWith("delta:")) {
                continue; // it takes what a table has to somewhere else
            }
            transforms.add(new Transforms.Transform(
                    get(route, "id").toString(),
                    table(get(get(route, "from"), "uri")),
                    table(get(to, "uri")),
                    Files.readString(
                            FOLDER.resolve(get(get(to, "parameters"), "query").toString()))));
        }
        return transforms;
    }

    private static List<?> list(Object yaml) {
        return (List<?>) yaml;
    }

    private static Object get(Object yaml, String key) {
        return Objects.requireNonNull(((Map<?, ?>) yaml).get(key), key);
    }

    private static TableName table(Object uri) {
        return TableName.parse(uri.toString().substring("delta:".length()));
    }
}
