package dev.wadi.kpi;

import dev.wadi.contract.ColumnType;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.kpi.Answer.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** The rows of an answer as a Parquet file, written by DuckDB. */
final class AnswerParquet {
    private final DuckDb duckDb;

    AnswerParquet(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    byte[] write(Answer answer) {
        try {
            Path file = Files.createTempFile("wadi-answer", ".parquet");
            try (Workspace workspace = Workspace.open(duckDb)) {
                workspace.execute("CREATE TABLE %s (%s)"
                        .formatted(
                                workspace.table("answer"),
                                answer.columns().stream()
                                        .map(column -> Sql.name(column.name()) + " "
                                                + column.type().sql())
                                        .collect(Collectors.joining(", "))));
                fill(workspace, answer);
                workspace.execute("COPY %s TO %s (FORMAT parquet)"
                        .formatted(workspace.table("answer"), Sql.text(file.toString())));
                return Files.readAllBytes(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not write the answer as Parquet", e);
        } catch (IOException e) {
            throw new UncheckedIOException("The answer cannot be written to a temporary file", e);
        }
    }

    private static void fill(Workspace workspace, Answer answer) throws SQLException {
        try (DuckDBAppender rows = workspace.appender("answer")) {
            for (List<@Nullable Object> row : answer.rows()) {
                rows.beginRow();
                for (int n = 0; n < row.size(); n++) {
                    append(rows, row.get(n), answer.columns().get(n));
                }
                rows.endRow();
            }
        }
    }

    private static void append(DuckDBAppender rows, @Nullable Object value, Column column) throws SQLException {
        switch (value) {
            case null -> rows.appendNull();
            case Long number -> rows.append(number.longValue());
            case Double number -> rows.append(number.doubleValue());
            case BigDecimal number ->
                rows.append(
                        column.type() instanceof ColumnType.Decimal decimal
                                ? number.setScale(decimal.scale())
                                : number);
            case Boolean truth -> rows.append(truth.booleanValue());
            case LocalDate day -> rows.append(day);
            case OffsetDateTime time ->
                rows.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant()));
            default -> rows.append(value.toString());
        }
    }
}
