package dev.wadi.api;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.kpi.Kpi;
import dev.wadi.kpi.Kpis;
import dev.wadi.kpi.LiveKpis;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The OpenAPI document: the fixed part from {@code openapi/wadi.yaml}, completed with a path for each KPI from its
 * definition and for each stream that can be posted from its contract.
 */
@Singleton
final class OpenApi {
    private final LiveKpis kpis;
    private final Contracts contracts;
    private final Inlets inlets;

    OpenApi(LiveKpis kpis, Contracts contracts, Inlets inlets) {
        this.kpis = kpis;
        this.contracts = contracts;
        this.inlets = inlets;
    }

    /** A new document of maps, lists, texts and numbers. */
    @SuppressWarnings("unchecked") // as wadi.yaml has it
    Map<String, Object> document() {
        String version =
                Objects.requireNonNullElse(OpenApi.class.getPackage().getImplementationVersion(), "development");
        Map<String, Object> document = Template.fill("wadi.yaml", Map.of("version", version));
        Map<String, Object> paths =
                new TreeMap<>((Map<String, Object>) Objects.requireNonNull(document.get("paths"), "paths"));
        for (Contract contract : contracts.streams()) {
            if (inlets.takePosts(contract.table())) {
                EventShape event = Objects.requireNonNull(contract.event());
                paths.put("/api/events/" + event.stream(), StreamPath.of(event));
            }
        }
        Kpis now = kpis.now();
        for (Kpi kpi : now.all()) {
            paths.put("/api/kpis/" + kpi.name(), KpiPath.of(kpi));
        }
        if (!now.all().isEmpty()) {
            paths.put("/api/kpis/query", KpiPath.ofSeveral(now.all()));
        }
        now.find(KpiController.ACTIVE_USERS).ifPresent(kpi -> paths.put("/api/active-users", KpiPath.ofLastDays(kpi)));
        document.put("paths", paths);
        return document;
    }
}
