package dev.wadi.route;

/** No route takes from an endpoint just now: it is stopped, or being replaced. Nothing was taken; send it again. */
public final class RouteAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RouteAwayException(String endpoint, Throwable cause) {
        super(
                "No route takes from %s just now: it is stopped, or being replaced. GET /api/routes says which"
                        .formatted(endpoint),
                cause);
    }
}
