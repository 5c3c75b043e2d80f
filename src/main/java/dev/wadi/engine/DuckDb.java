package dev.wadi.engine;

import java.sql.Connection;

/** The one DuckDB instance of the process. */
public final class DuckDb {

    /** A new session on the shared instance; the caller closes it. */
    public Connection open() {
        throw new UnsupportedOperationException("soon");
    }
}
