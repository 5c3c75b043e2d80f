package dev.wadi.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.wadi.contract.TableName;
import dev.wadi.kpi.CsvField;
import dev.wadi.sql.SqlAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the answer to a statement. The same answer gives the same bytes. */
final class SqlWriter {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final SqlAnswer answer;

    private SqlWriter(SqlAnswer answer) {
        this.answer = answer;
    }

    static byte[] write(SqlAnswer answer, SqlFormat format) {
        SqlWriter writer = new SqlWriter(answer);
        return switch (format) {
            case JSON -> writer.json(false);
            case COLUMNS -> writer.json(true);
            case CSV -> writer.csv();
        };
    }

    private byte[] json(boolean columns) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayFieldStart("types");
            for (SqlAnswer.Column column : answer.columns()) {
                json.writeStartObject();
                json.writeStringField("name", column.name());
                json.writeStringField("type", column.type());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (columns) {
                columns(json);
            } else {
                rows(json);
            }
            json.writeBooleanField("truncated", answer.truncated());
            json.writeNumberField("limit", answer.limit());
            json.writeObjectFieldStart("versions");
            for (Map.Entry<TableName, Long> version : answer.versions().entrySet()) {
                json.writeNumberField(version.getKey().toString(), version.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("A byte array takes every byte", e);
        }
        return bytes.toByteArray();
    }

    private void rows(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("rows");
        for (List<@Nullable Object> row : answer.rows()) {
            json.writeStartObject();
            for (int n = 0; n < row.size(); n++) {
                json.writeFieldName(answer.columns().get(n).name());
                value(json, row.get(n));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void columns(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("columns");
        for (int n = 0; n < answer.columns().size(); n++) {
            json.writeArrayFieldStart(answer.columns().get(n).name());
            for (List<@Nullable Object> row : answer.rows()) {
                value(json, row.get(n));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Boolean truth -> json.writeBoolean(truth);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            default -> json.writeString(text(value));
        }
    }

    /** RFC 4180: a line of names first; no value is an empty field, an empty text is {@code ""}. */
    private byte[] csv() {
        StringBuilder csv = new StringBuilder();
        csv.append(answer.columns().stream()
                        .map(column -> CsvField.of(column.name()))
                        .collect(Collectors.joining(",")))
                .append("\r\n");
        for (List<@Nullable Object> row : answer.rows()) {
            for (int n = 0; n < row.size(); n++) {
                Object value = row.get(n);
                csv.append(n == 0 ? "" : ",").append(value == null ? "" : CsvField.of(text(value)));
            }
            csv.append("\r\n");
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object value) {
        return switch (value) {
            case OffsetDateTime time -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }
}
