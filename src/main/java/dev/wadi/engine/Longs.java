package dev.wadi.engine;

import java.sql.Connection;
import java.sql.SQLException;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBReadableVector;

/** Reads the result of a SELECT of BIGINT columns, none of them null, a chunk at a time: without an object for a value. */
public final class Longs {
    private Longs() {}

    /** Takes a chunk. */
    @FunctionalInterface
    public interface Chunk {
        /** @param values of each column the values of {@code rows} rows; used again for the next chunk */
        void rows(long[][] values, int rows) throws SQLException;
    }

    public static void read(Connection session, String select, int columns, Chunk each) throws SQLException {
        long[][] values = new long[columns][0];
        try (DuckDBPreparedStatement statement =
                        session.prepareStatement(select).unwrap(DuckDBPreparedStatement.class);
                DuckDBChunkedResult result = statement.query()) {
            while (result.nextChunk()) {
                DuckDBDataChunkReader chunk = result.chunk();
                int rows = Math.toIntExact(chunk.rowCount());
                for (int column = 0; column < columns; column++) {
                    if (values[column].length < rows) {
                        values[column] = new long[rows];
                    }
                    DuckDBReadableVector vector = chunk.vector(column);
                    for (int row = 0; row < rows; row++) {
                        values[column][row] = vector.getLong(row);
                    }
                }
                each.rows(values, rows);
            }
        }
    }
}
