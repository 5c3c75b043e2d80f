package dev.wadi.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wadi.route.Lag;
import dev.wadi.route.RouteException;
import dev.wadi.route.Routes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Routes: how they are, what is wrong with their files, and starting and stopping them. */
@Controller("/api/routes")
@ExecuteOn(TaskExecutors.IO)
final class RouteController {
    private final RouteDesk routes;

    RouteController(RouteDesk routes) {
        this.routes = routes;
    }

    /** @param problem why the changed files are not what runs; null when they are */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record AllRoutes(@Nullable FileProblem problem, List<Route> routes) {}

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record FileProblem(List<String> mistakes, String since) {}

    /** As {@link Routes.Status} says. */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Route(
            String id,
            String file,
            int line,
            String purpose,
            String from,
            String state,
            Counts counts,
            @Nullable Waiting lag,
            @Nullable LastError lastError,
            @Nullable String version,
            String link) {}

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Counts(long total, long failed, int inflight) {}

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Waiting(long waiting, String unit) {}

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LastError(String message, String at) {}

    @Get
    AllRoutes routes(HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        return new AllRoutes(
                routes.problem()
                        .map(problem -> new FileProblem(
                                problem.mistakes(), problem.since().toString()))
                        .orElse(null),
                routes.list().stream().map(RouteController::route).toList());
    }

    @Get("/{id}")
    Route one(String id, HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        return known(routes::get, id);
    }

    @Post("/{id}/start")
    Route start(String id, HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        try {
            return known(routes::start, id);
        } catch (RouteException e) {
            throw new Problem(
                    HttpStatus.CONFLICT,
                    "Route does not start",
                    "The route '%s' does not start: %s".formatted(id, e.getMessage()));
        }
    }

    @Post("/{id}/stop")
    Route stop(String id, HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        return known(routes::stop, id);
    }

    private Route known(Function<String, Routes.Status> ask, String id) {
        try {
            return route(ask.apply(id));
        } catch (Routes.UnknownRouteException e) {
            throw new Problem(HttpStatus.NOT_FOUND, "Unknown route", String.valueOf(e.getMessage()))
                    .with("known", routes.list().stream().map(Routes.Status::id).toList());
        }
    }

    private static Route route(Routes.Status status) {
        Lag lag = status.lag();
        String error = status.lastError();
        Instant at = status.lastErrorAt();
        return new Route(
                status.id(),
                status.file(),
                status.line(),
                status.purpose(),
                status.from(),
                status.state().name().toLowerCase(Locale.ROOT),
                new Counts(status.total(), status.failed(), status.inflight()),
                lag == null ? null : new Waiting(lag.waiting(), lag.unit()),
                error == null || at == null ? null : new LastError(error, at.toString()),
                status.version(),
                "/api/routes/" + status.id());
    }
}
