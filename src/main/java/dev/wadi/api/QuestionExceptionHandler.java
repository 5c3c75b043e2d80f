package dev.wadi.api;

import dev.wadi.kpi.QuestionException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Map;

/** Answers a question that was asked wrongly as 400. */
@Singleton
@Produces("application/problem+json")
final class QuestionExceptionHandler implements ExceptionHandler<QuestionException, HttpResponse<Map<String, Object>>> {
    private final ProblemHandler problems;

    QuestionExceptionHandler(ProblemHandler problems) {
        this.problems = problems;
    }

    @Override
    public HttpResponse<Map<String, Object>> handle(HttpRequest request, QuestionException wrong) {
        return problems.handle(
                request, Parameters.problem(wrong.parameter(), String.valueOf(wrong.getMessage()), wrong.allowed()));
    }
}
