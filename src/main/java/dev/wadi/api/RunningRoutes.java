package dev.wadi.api;

import dev.wadi.route.Routes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The {@link RouteDesk} of this process. */
@Singleton
final class RunningRoutes implements RouteDesk {
    private final Routes routes;

    RunningRoutes(Routes routes) {
        this.routes = routes;
    }

    @Override
    public List<Routes.Status> list() {
        return routes.list();
    }

    @Override
    public Routes.Status get(String id) {
        return routes.get(id);
    }

    @Override
    public Routes.Status start(String id) {
        return routes.start(id);
    }

    @Override
    public Routes.Status stop(String id) {
        return routes.stop(id);
    }

    @Override
    public Optional<Routes.Problem> problem() {
        return routes.problem();
    }
}
