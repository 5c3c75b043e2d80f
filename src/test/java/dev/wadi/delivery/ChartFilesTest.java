package dev.wadi.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import dev.wadi.compose.AppVariables;
import dev.wadi.contract.Contracts;
import dev.wadi.engine.DuckDb;
import dev.wadi.kpi.Kpis;
import dev.wadi.local.Setting;
import dev.wadi.route.RouteCheck;
import dev.wadi.yaml.Mistakes;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ConfigMaps hold what the repository holds, and Wadi reads them where they are mounted. */
class ChartFilesTest {
    private static final Map<String, Path> FOLDERS = Map.of(
            "ingest", Path.of("routes/ingest"),
            "transform", Path.of("routes/transform"),
            "tables", Path.of("schemas/tables"),
            "kpis", Path.of("schemas/kpis"),
            "seeds", Path.of("schemas/seeds"));

    /** What etcd takes as one object, with room for what is around the files. */
    private static final int LARGEST = 1_000_000;

    @TempDir
    Path folder;

    @Test
    void theConfigMapsHoldEveryFileToTheLetter() throws Exception {
        Rendered rendered = Rendered.with(Map.of());
        for (Map.Entry<String, Path> each : FOLDERS.entrySet()) {
            Map<String, String> files = files(each.getValue());
            Map<String, String> held =
                    rendered.one(ConfigMap.class, "rel-wadi-" + each.getKey()).getData();
            assertThat(held).containsExactlyInAnyOrderEntriesOf(files);
            assertThat(held.values().stream()
                            .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                            .sum())
                    .isLessThan(LARGEST);
        }
    }

    /** The files are reached by links; whoever installs the packaged chart has no repository. */
    @Test
    void thePackagedChartHoldsThemToo() throws Exception {
        new Helm(Rendered.CHART).packageIt().withDestination(folder).call();
        Path unpacked = Files.createDirectories(folder.resolve("unpacked"));
        Process tar = new ProcessBuilder("sh", "-c", "tar -xzmf wadi-*.tgz -C unpacked")
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        Path files = unpacked.resolve("wadi/files");
        assertThat(Files.isSymbolicLink(files.resolve("kpis"))).isFalse();
        for (Map.Entry<String, Path> each : FOLDERS.entrySet()) {
            assertThat(files(files.resolve(each.getKey()))).isEqualTo(files(each.getValue()));
        }
    }

    @Test
    void whatIsMountedPassesTheChecksOfTheApp() throws Exception {
        Rendered rendered = Rendered.with(Map.of());
        for (Map.Entry<String, Path> each : FOLDERS.entrySet()) {
            Rendered.mount(
                    rendered.one(ConfigMap.class, "rel-wadi-" + each.getKey()).getData(),
                    folder.resolve(each.getValue()));
        }
        Contracts contracts = Contracts.load(folder.resolve("schemas/tables"));
        assertThat(contracts.all())
                .hasSameSizeAs(files(Path.of("schemas/tables")).entrySet());
        Mistakes mistakes = new Mistakes();
        Kpis kpis = Kpis.load(folder.resolve("schemas/kpis"), contracts, mistakes);
        assertThat(kpis.all()).hasSameSizeAs(files(Path.of("schemas/kpis")).entrySet());
        try (DuckDb duckDb = new DuckDb("256MB", 1, folder.resolve("spill"))) {
            int routes = RouteCheck.run(
                    folder.resolve("routes"),
                    contracts,
                    duckDb,
                    Map.of(
                            Setting.RABBITMQ_URI.key(), "amqp://guest:guest@127.0.0.1:1",
                            Setting.JDBC_URL.key(), "jdbc:postgresql://127.0.0.1:1/postgres?user=postgres"),
                    mistakes);
            assertThat(routes).isPositive();
        }
        assertThat(mistakes.lines()).isEmpty();
    }

    /** What the chart gives by values of its own and what {@code settings} takes are together what the app reads, and never the same. */
    @Test
    void everySettingOfTheAppHasOnePlaceInTheChart() throws Exception {
        Set<String> given = new TreeSet<>(Rendered.environment(Rendered.with(
                                List.of("values-prod.yaml"),
                                Map.of(
                                        "sql.existingSecret", "sql",
                                        "kafka.bootstrapServers", "k:9092",
                                        "kafka.schemaRegistryUrl", "http://r:8081"))
                        .pods()
                        .getFirst())
                .keySet());
        assertThat(given.remove("JDK_JAVA_OPTIONS")).isTrue();
        Set<String> taken = new TreeSet<>();
        new ObjectMapper()
                .readTree(Rendered.CHART.resolve("values.schema.json").toFile())
                .at("/properties/settings/propertyNames/anyOf/1/enum")
                .forEach(name -> taken.add(name.asText()));
        assertThat(taken).isNotEmpty().doesNotContainAnyElementsOf(given);
        taken.addAll(given);
        assertThat(taken).isEqualTo(AppVariables.all().keySet());
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return files;
    }
}
