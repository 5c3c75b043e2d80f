package dev.wadi.route;

import org.jspecify.annotations.Nullable;

/** Routes cannot be used. The message of those that are told to people has a line for each mistake: {@code file:line: problem: cure}. */
public final class RouteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    public RouteException(String message) {
        super(message);
        this.line = 0;
    }

    RouteException(String message, Throwable cause) {
        super(message, cause);
        this.line = 0;
    }

    /** @param line of the route's file, from 1; 0 when it is not known */
    RouteException(int line, String problem, @Nullable Throwable cause) {
        super(problem, cause);
        this.line = line;
    }

    int line() {
        return line;
    }

    /** What a failure says, or its kind when it says nothing. */
    public static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
