package dev.wadi.api;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.kpi.Kpi;
import dev.wadi.kpi.Kpis;
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
    private final Kpis kpis;
    private final Contracts contracts;
    private final Inlets inlets;

    OpenApi(Kpis kpis, Contracts contracts, Inlets inlets) {
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
        for (Contract contract : contracts.all()) {
            EventShape event = contract.event();
            if (event != null && inlets.takePosts(contract.table())) {
                paths.put("/api/events/" + event.stream(), StreamPath.of(event));
            }
        }
        for (Kpi kpi : kpis.all()) {
            paths.put("/api/kpis/" + kpi.name(), KpiPath.of(kpi));
        }
        kpis.find(KpiController.ACTIVE_USERS).ifPresent(kpi -> paths.put("/api/active-users", KpiPath.ofLastDays(kpi)));
        document.put("paths", paths);
        return document;
    }
}
