package dev.wadi.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The alerts and the dashboard, as Prometheus and Grafana read them. */
final class Watch {
    static final Path PROMETHEUS = Path.of("src/compose/prometheus");
    static final Path DASHBOARD = Path.of("src/compose/grafana/dashboards/wadi.json");
    /** What Prometheus knows by itself. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up", "ALERTS");

    private Watch() {}

    record Alert(String name, String query, Map<String, Object> annotations) {}

    static List<Alert> alerts() {
        Map<String, Object> file = ComposeFile.yaml(ComposeFile.text(PROMETHEUS.resolve("alerts.yml")));
        List<Alert> alerts = new ArrayList<>();
        for (Map<String, Object> group : ComposeFile.maps(file, "groups")) {
            for (Map<String, Object> rule : ComposeFile.maps(group, "rules")) {
                alerts.add(new Alert(
                        String.valueOf(rule.get("alert")),
                        String.valueOf(rule.get("expr")),
                        ComposeFile.map(rule, "annotations")));
            }
        }
        return alerts;
    }

    static JsonNode dashboard() {
        try {
            return new ObjectMapper().readTree(DASHBOARD.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The queries of the dashboard by panel, with a duration where Grafana puts one. */
    static Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        for (JsonNode panel : dashboard().path("panels")) {
            List<String> queries = new ArrayList<>();
            panel.path("targets")
                    .forEach(target -> queries.add(target.path("expr").asText().replace("$__rate_interval", "1m")));
            panels.put(panel.path("title").asText(), queries);
        }
        return panels;
    }

    /** Every metric that an alert or a panel names, and the app has to expose. */
    static Set<String> metrics() {
        Set<String> names = new TreeSet<>();
        alerts().forEach(alert -> names.addAll(MetricNames.asked(alert.query())));
        panels().values().forEach(queries -> queries.forEach(query -> names.addAll(MetricNames.asked(query))));
        names.removeAll(OF_PROMETHEUS);
        return names;
    }
}
