package dev.wadi.route;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Route files cannot be used. The message has a line for each mistake: {@code file:line: problem: cure}. */
public final class RouteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RouteException(String message) {
        super(message);
    }

    RouteException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param line 0 when it is not known */
    static RouteException at(Path file, int line, String problem, @Nullable Throwable cause) {
        String message = line > 0 ? "%s:%d: %s".formatted(file, line, problem) : "%s: %s".formatted(file, problem);
        return cause == null ? new RouteException(message) : new RouteException(message, cause);
    }

    /** What a failure says, or its kind when it says nothing. */
    public static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
