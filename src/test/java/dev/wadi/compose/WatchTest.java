package dev.wadi.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts and dashboard. That the app has the metrics that they name is seen by {@link ComposeIT}. */
class WatchTest {
    @TempDir
    Path folder;

    @Test
    void everyAlertSaysWhatIsWrongAndHasAChapterInTheRunbook() {
        String runbook = ComposeFile.text(Path.of("docs/how-to/operate.md"));
        assertThat(Watch.alerts()).hasSizeGreaterThan(4);
        for (Watch.Alert alert : Watch.alerts()) {
            assertThat(alert.annotations()).as(alert.name()).containsKeys("summary", "description");
            assertThat(alert.annotations().get("runbook_url"))
                    .isEqualTo("docs/how-to/operate.md#" + alert.name().toLowerCase(Locale.ROOT));
            assertThat(runbook).as("the chapter of " + alert.name()).contains("\n### " + alert.name() + "\n");
        }
    }

    @Test
    void promtoolUnderstandsTheRulesAndTheyFireWhenTheyShould() throws Exception {
        promtool(Watch.PROMETHEUS, "check", "rules", "alerts.yml");
        promtool(Watch.PROMETHEUS, "test", "rules", "alerts.test.yml");
        Files.copy(Watch.PROMETHEUS.resolve("alerts.yml"), folder.resolve("alerts.yml"));
        Files.writeString(
                folder.resolve("prometheus.yml"),
                ComposeFile.text(Watch.PROMETHEUS.resolve("prometheus.yml")).replace("/etc/prometheus/", ""));
        promtool(folder, "check", "config", "prometheus.yml");
    }

    @Test
    void promtoolUnderstandsTheQueriesOfTheDashboard() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int number = 0;
        for (List<String> queries : Watch.panels().values()) {
            for (String query : queries) {
                rules.append("      - {record: panel_%d, expr: '%s'}%n".formatted(number++, query));
            }
        }
        Files.writeString(folder.resolve("panels.yml"), rules);
        promtool(folder, "check", "rules", "panels.yml");
    }

    private static void promtool(Path folder, String... arguments) throws Exception {
        assumeThat(Tool.find("promtool"))
                .as("promtool is not on PATH (Debian's package prometheus), so nobody has asked it about the rules")
                .isPresent();
        String[] command = new String[arguments.length + 1];
        command[0] = "promtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Tool.Result result = Tool.run(folder, Map.of(), command);
        assertThat(result.exit()).as(result.output()).isZero();
    }

    @Test
    void everyPanelHasATitleAndAQueryAndKnowsItsSource() {
        Map<String, Object> sources = ComposeFile.yaml(
                ComposeFile.text(Path.of("src/compose/grafana/provisioning/datasources/prometheus.yml")));
        Object source = ComposeFile.maps(sources, "datasources").getFirst().get("uid");
        assertThat(Watch.panels()).hasSizeGreaterThan(8);
        Watch.dashboard().path("panels").forEach(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("targets")).as(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("datasource").path("uid").asText())
                    .as(panel.path("title").asText())
                    .isEqualTo(source);
        });
    }

    @Test
    void namesAreToldFromFunctionsLabelsAndTexts() {
        assertThat(MetricNames.asked("""
                sum by (instance, table) (increase(a_total{result="b_c", x=~"y.*"}[15m])) > 0.01 * max(d_e offset 5m)
                  unless on (instance, route) f:g and h == 1e9 or label_replace(i, "j", "$1", "k", "(.*)")""")).containsExactly("a_total", "d_e", "f:g", "h", "i");
    }
}
