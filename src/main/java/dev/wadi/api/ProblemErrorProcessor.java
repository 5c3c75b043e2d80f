package dev.wadi.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The errors that the server finds by itself (no such path, wrong method, an exception nobody answered) in the form of
 * all others. What went wrong inside stays in the log, where the server writes it.
 */
@Singleton
final class ProblemErrorProcessor implements ErrorResponseProcessor<Map<String, Object>> {
    private static final MediaType PROBLEM = MediaType.of("application/problem+json");

    @Override
    public MutableHttpResponse<Map<String, Object>> processResponse(
            ErrorContext context, MutableHttpResponse<?> response) {
        HttpStatus status = HttpStatus.valueOf(response.code());
        Problem problem = new Problem(status, status.getReason(), detail(context, response, status));
        return response.body(problem.document()).contentType(PROBLEM);
    }

    private static String detail(ErrorContext context, MutableHttpResponse<?> response, HttpStatus status) {
        HttpRequest<?> request = context.getRequest();
        if (status.getCode() >= 500) {
            return "%s %s failed inside the server. The log of the server has the cause."
                    .formatted(request.getMethodName(), request.getPath());
        }
        if (status == HttpStatus.NOT_FOUND) {
            return "There is nothing at %s. What there is: /docs.".formatted(request.getPath());
        }
        if (status == HttpStatus.METHOD_NOT_ALLOWED) {
            return "%s does not take %s. Use %s."
                    .formatted(
                            request.getPath(),
                            request.getMethodName(),
                            String.join(", ", response.getHeaders().getAll(HttpHeaders.ALLOW)));
        }
        String messages = context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining("; "));
        return messages.isBlank() ? status.getReason() : messages;
    }
}
