package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.route.Routes;
import jakarta.inject.Singleton;
import java.util.List;

/** The {@link Inlets} of this process. */
@Singleton
final class RunningInlets implements Inlets {
    private final Routes routes;

    RunningInlets(Routes routes) {
        this.routes = routes;
    }

    @Override
    public List<Routes.Inlet> into(TableName table) {
        return routes.into(table);
    }
}
