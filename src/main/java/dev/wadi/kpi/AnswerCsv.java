package dev.wadi.kpi;

import dev.wadi.kpi.Answer.Column;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The rows of an answer as CSV (RFC 4180): a line of names first; no value is an empty field, an empty text is {@code ""}. */
final class AnswerCsv {
    private AnswerCsv() {}

    static byte[] write(Answer answer) {
        StringBuilder csv = new StringBuilder();
        StringJoiner names = new StringJoiner(",", "", "\r\n");
        answer.columns().stream().map(Column::name).forEach(names::add);
        csv.append(names);
        for (List<@Nullable Object> row : answer.rows()) {
            StringJoiner line = new StringJoiner(",", "", "\r\n");
            for (Object value : row) {
                line.add(value == null ? "" : CsvField.of(AnswerJson.text(value)));
            }
            csv.append(line);
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }
}
