package dev.wadi.api;

import io.micronaut.http.HttpStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error as people read it (RFC 9457). Throw it from a controller; {@link ProblemHandler} answers with it.
 *
 * <p>{@code title} names the problem, the same for every case of it; {@code detail} says what happened here and what to
 * do. Extra members carry what a program can use: {@code allowed}, {@code items}.
 */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String title;
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    Problem(HttpStatus status, String title, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
    }

    /** Adds a member beside the standard ones. */
    Problem with(String name, Object value) {
        members.put(name, value);
        return this;
    }

    /** Adds a response header, such as {@code Retry-After}. */
    Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    HttpStatus status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** The document: type, title, status, detail, then the extra members. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "about:blank");
        document.put("title", title);
        document.put("status", status.getCode());
        document.put("detail", String.valueOf(getMessage()));
        document.putAll(members);
        return document;
    }
}
