package dev.wadi.api;

import dev.wadi.table.NoSuchVersionException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Map;

/** Answers a version that is not there as 404, with the versions that are. */
@Singleton
@Produces("application/problem+json")
final class NoSuchVersionHandler
        implements ExceptionHandler<NoSuchVersionException, HttpResponse<Map<String, Object>>> {
    private final ProblemHandler problems;

    NoSuchVersionHandler(ProblemHandler problems) {
        this.problems = problems;
    }

    @Override
    public HttpResponse<Map<String, Object>> handle(HttpRequest request, NoSuchVersionException gone) {
        return problems.handle(
                request,
                new Problem(HttpStatus.NOT_FOUND, "No such version", gone.getMessage() + ".")
                        .with("oldest", gone.oldest())
                        .with("newest", gone.newest()));
    }
}
