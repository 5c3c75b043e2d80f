package dev.wadi.api;

import dev.wadi.table.TableException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a table that cannot be read as 503: the request was right and may be asked again. */
@Singleton
@Produces("application/problem+json")
final class TableExceptionHandler implements ExceptionHandler<TableException, HttpResponse<Map<String, Object>>> {
    private static final Logger LOG = LoggerFactory.getLogger(TableExceptionHandler.class);

    private final ProblemHandler problems;

    TableExceptionHandler(ProblemHandler problems) {
        this.problems = problems;
    }

    @Override
    public HttpResponse<Map<String, Object>> handle(HttpRequest request, TableException broken) {
        LOG.error("{} {} needs a table that cannot be read", request.getMethodName(), request.getPath(), broken);
        return problems.handle(
                request,
                new Problem(HttpStatus.SERVICE_UNAVAILABLE, "Table not readable", String.valueOf(broken.getMessage())));
    }
}
