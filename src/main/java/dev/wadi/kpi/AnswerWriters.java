package dev.wadi.kpi;

import dev.wadi.engine.DuckDb;
import jakarta.inject.Singleton;

/** Writes answers in any format. The same answer gives the same bytes. */
@Singleton
public final class AnswerWriters {
    private final AnswerParquet parquet;

    AnswerWriters(DuckDb duckDb) {
        this.parquet = new AnswerParquet(duckDb);
    }

    public byte[] write(Answer answer, AnswerFormat format) {
        return switch (format) {
            case JSON -> AnswerJson.write(answer, false);
            case COLUMNS -> AnswerJson.write(answer, true);
            case CSV -> AnswerCsv.write(answer);
            case ARROW -> AnswerArrow.write(answer);
            case PARQUET -> parquet.write(answer);
        };
    }
}
