package dev.wadi.api;

import dev.wadi.engine.StoppedException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Map;

/** Answers a query that takes too much time as 504, one that takes too much memory as 422. */
@Singleton
@Produces("application/problem+json")
final class StoppedExceptionHandler implements ExceptionHandler<StoppedException, HttpResponse<Map<String, Object>>> {
    private final ProblemHandler problems;

    StoppedExceptionHandler(ProblemHandler problems) {
        this.problems = problems;
    }

    @Override
    public HttpResponse<Map<String, Object>> handle(HttpRequest request, StoppedException stopped) {
        String detail = String.valueOf(stopped.getMessage());
        return problems.handle(
                request,
                switch (stopped.reason()) {
                    case TIME -> new Problem(HttpStatus.GATEWAY_TIMEOUT, "Query takes too long", detail);
                    case MEMORY -> new Problem(HttpStatus.UNPROCESSABLE_ENTITY, "Query needs too much memory", detail);
                });
    }
}
