package dev.wadi.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Map;

/** Answers a {@link Problem} as {@code application/problem+json}. */
@Singleton
@Produces("application/problem+json")
final class ProblemHandler implements ExceptionHandler<Problem, HttpResponse<Map<String, Object>>> {
    private static final MediaType PROBLEM = MediaType.of("application/problem+json");

    @Override
    public HttpResponse<Map<String, Object>> handle(HttpRequest request, Problem problem) {
        MutableHttpResponse<Map<String, Object>> response = HttpResponse.<Map<String, Object>>status(problem.status())
                .contentType(PROBLEM)
                .body(problem.document());
        problem.headers().forEach(response::header);
        return response;
    }
}
