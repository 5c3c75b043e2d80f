package dev.wadi.api;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.Locale;
import java.util.Map;

/**
 * What an orchestrator and a load balancer ask. Neither looks at brokers or databases: when one of those is away, each door
 * says so itself, and taking every replica out of service, or starting it anew, would make less work, not more.
 * {@code /health} tells of all parts.
 */
@Controller
@Requires(beans = Presence.class)
final class ProbeController {
    private final Presence presence;

    ProbeController(Presence presence) {
        this.presence = presence;
    }

    /** 200 as long as the process answers at all. */
    @Get("/livez")
    Map<String, String> live() {
        return Map.of("status", "live");
    }

    /** 200 from ready until asked to stop, else 503. */
    @Get("/readyz")
    HttpResponse<Map<String, String>> ready() {
        Presence.State state = presence.state();
        return HttpResponse.<Map<String, String>>status(
                        state == Presence.State.READY ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(Map.of("status", state.name().toLowerCase(Locale.ROOT)));
    }
}
