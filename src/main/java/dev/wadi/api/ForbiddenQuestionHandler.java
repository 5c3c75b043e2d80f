package dev.wadi.api;

import dev.wadi.kpi.ForbiddenQuestionException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Map;

/** Answers a question that who asks may not ask as 403. */
@Singleton
@Produces("application/problem+json")
final class ForbiddenQuestionHandler
        implements ExceptionHandler<ForbiddenQuestionException, HttpResponse<Map<String, Object>>> {
    private final ProblemHandler problems;

    ForbiddenQuestionHandler(ProblemHandler problems) {
        this.problems = problems;
    }

    @Override
    public HttpResponse<Map<String, Object>> handle(HttpRequest request, ForbiddenQuestionException forbidden) {
        return problems.handle(
                request, new Problem(HttpStatus.FORBIDDEN, "Not for you", String.valueOf(forbidden.getMessage())));
    }
}
