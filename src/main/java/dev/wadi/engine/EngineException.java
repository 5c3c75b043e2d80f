package dev.wadi.engine;

/** DuckDB refused a statement that Wadi put together. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
