package dev.wadi.kpi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.wadi.contract.TableName;
import dev.wadi.kpi.Answer.Column;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An answer as a JSON document. Every member is always there, as null where it has no value; numbers have every digit.
 */
public final class AnswerJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final JsonGenerator json;

    private AnswerJson(JsonGenerator json) {
        this.json = json;
    }

    private interface Body {
        void write(AnswerJson json) throws IOException;
    }

    static byte[] write(Answer answer, boolean columns) {
        return bytes(json -> json.answer(answer, columns));
    }

    /** The versions that several answers of one moment were read at, as one word. */
    public static String versions(List<Answer> answers) {
        return Moment.text(union(answers));
    }

    private static Map<TableName, Long> union(List<Answer> answers) {
        Map<TableName, Long> versions = new TreeMap<>();
        answers.forEach(answer -> versions.putAll(answer.versions()));
        return versions;
    }

    /** Several answers of one moment, and the versions that they all were read at. */
    public static byte[] write(List<Answer> answers, boolean columns) {
        return bytes(json -> {
            json.json.writeStartObject();
            json.versions(union(answers));
            json.json.writeArrayFieldStart("answers");
            for (Answer answer : answers) {
                json.answer(answer, columns);
            }
            json.json.writeEndArray();
            json.json.writeEndObject();
        });
    }

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            body.write(new AnswerJson(json));
        } catch (IOException e) {
            throw new UncheckedIOException("A byte array takes every byte", e);
        }
        return bytes.toByteArray();
    }

    private void answer(Answer answer, boolean columns) throws IOException {
        Question question = answer.question();
        Kpi kpi = question.kpi();
        json.writeStartObject();
        json.writeStringField("kpi", kpi.name());
        json.writeStringField("title", kpi.title());
        json.writeStringField("unit", kpi.unit());
        json.writeObjectFieldStart("format");
        json.writeStringField("style", kpi.display().style().word());
        json.writeNumberField("decimals", kpi.display().decimals());
        json.writeEndObject();
        json.writeStringField("from", question.span().fromText());
        json.writeStringField("to", question.span().toText());
        json.writeStringField("tz", question.span().zone().getId());
        json.writeStringField("grain", question.cutBy().map(Grain::word).orElse(null));
        json.writeArrayFieldStart("by");
        for (Dimension dimension : question.by()) {
            json.writeString(dimension.name());
        }
        json.writeEndArray();
        comparison(question);
        versions(answer.versions());
        if (columns) {
            columns(answer);
        } else {
            json.writeArrayFieldStart("rows");
            rows(answer.columns(), answer.rows());
            json.writeEndArray();
        }
        if (answer.totals() == null) {
            json.writeNullField("totals");
        } else {
            json.writeArrayFieldStart("totals");
            rows(answer.totalColumns(), answer.totals());
            json.writeEndArray();
        }
        json.writeNumberField("limit", question.limit());
        json.writeNumberField("offset", question.offset());
        json.writeNumberField("total", answer.total());
        json.writeEndObject();
    }

    private void comparison(Question question) throws IOException {
        Shift shift = question.compareTo();
        if (shift == null) {
            json.writeNullField("compareTo");
            return;
        }
        Span before = question.span().before(shift);
        json.writeObjectFieldStart("compareTo");
        json.writeStringField("shift", shift.word());
        json.writeStringField("from", before.fromText());
        json.writeStringField("to", before.toText());
        json.writeEndObject();
    }

    private void versions(Map<TableName, Long> versions) throws IOException {
        json.writeObjectFieldStart("versions");
        for (Map.Entry<TableName, Long> version : versions.entrySet()) {
            json.writeNumberField(version.getKey().toString(), version.getValue());
        }
        json.writeEndObject();
    }

    private void rows(List<Column> columns, List<List<@Nullable Object>> rows) throws IOException {
        for (List<@Nullable Object> row : rows) {
            json.writeStartObject();
            for (int n = 0; n < columns.size(); n++) {
                json.writeFieldName(columns.get(n).name());
                value(row.get(n));
            }
            json.writeEndObject();
        }
    }

    private void columns(Answer answer) throws IOException {
        json.writeObjectFieldStart("columns");
        for (int n = 0; n < answer.columns().size(); n++) {
            json.writeArrayFieldStart(answer.columns().get(n).name());
            for (List<@Nullable Object> row : answer.rows()) {
                value(row.get(n));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void value(@Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            default -> json.writeString(text(value));
        }
    }

    /** A value as text: times as ISO 8601. */
    static String text(Object value) {
        return switch (value) {
            case OffsetDateTime time -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }
}
