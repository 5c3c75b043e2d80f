package dev.wadi.api;

import dev.wadi.lineage.RowKey;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Map;

/** Answers a key that is none of its table as 400. */
@Singleton
@Produces("application/problem+json")
final class WrongKeyHandler implements ExceptionHandler<RowKey.WrongKeyException, HttpResponse<Map<String, Object>>> {
    private final ProblemHandler problems;

    WrongKeyHandler(ProblemHandler problems) {
        this.problems = problems;
    }

    @Override
    public HttpResponse<Map<String, Object>> handle(HttpRequest request, RowKey.WrongKeyException wrong) {
        return problems.handle(request, Parameters.problem("key", String.valueOf(wrong.getMessage()), wrong.allowed()));
    }
}
