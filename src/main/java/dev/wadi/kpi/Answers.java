package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers questions from gold. */
@Singleton
public final class Answers {
    private final Reading reading;

    Answers(Reading reading) {
        this.reading = reading;
    }

    /** An answer and the tag that it keeps for as long as question, definition and table versions are the same. */
    public record Tagged(Answer answer, String tag) {}

    /** The tag that an answer would have now. Runs no query. */
    public String tag(Question question) {
        Instant asOf = question.asOf();
        Map<TableName, Long> versions =
                asOf == null ? reading.versions(question.tables()) : reading.versions(question.tables(), asOf);
        return Query.of(question).tag(question.kpi(), ordered(versions));
    }

    /** The tag is that of the versions that were read, even when a commit came after {@link #tag} was asked. */
    public Tagged answer(Question question) {
        Query query = Query.of(question);
        try (Pin pin = pin(question)) {
            Map<TableName, Long> versions = ordered(pin.versions());
            return new Tagged(answer(question, query, versions, pin), query.tag(question.kpi(), versions));
        }
    }

    private Pin pin(Question question) {
        Instant asOf = question.asOf();
        return asOf == null ? reading.pin(question.tables()) : reading.pin(question.tables(), asOf);
    }

    private static Answer answer(Question question, Query query, Map<TableName, Long> versions, Pin pin) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        long total = 0;
        try (PreparedStatement statement = pin.connection().prepareStatement(query.sql())) {
            for (int n = 0; n < query.binds().size(); n++) {
                statement.setObject(n + 1, query.binds().get(n));
            }
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    total = result.getLong(Query.TOTAL);
                    if (result.getObject(Query.THERE) != null) {
                        rows.add(row(question, result));
                    }
                }
            }
        } catch (SQLException e) {
            pin.explain(e).ifPresent(known -> {
                throw known;
            });
            throw new IllegalStateException(
                    "The KPI %s over %s was not answered by DuckDB; its definition or a table does not fit"
                            .formatted(question.kpi().name(), question.tables()),
                    e);
        }
        Map<String, Long> read = new LinkedHashMap<>();
        versions.forEach((table, version) -> read.put(table.toString(), version));
        return new Answer(
                question.kpi().name(),
                question.kpi().title(),
                question.kpi().unit(),
                text(question.from()),
                text(question.to()),
                question.cutBy().map(Grain::word).orElse(null),
                question.by().stream().map(Dimension::name).toList(),
                read,
                rows,
                question.limit(),
                question.offset(),
                total);
    }

    private static Map<String, @Nullable Object> row(Question question, ResultSet result) throws SQLException {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        if (question.grain() != null) {
            row.put("time", json(result.getObject(Query.TIME)));
        }
        for (int n = 0; n < question.by().size(); n++) {
            row.put(question.by().get(n).name(), json(result.getObject(Query.by(n))));
        }
        row.put("value", json(result.getObject(Query.VALUE)));
        return row;
    }

    /** Numbers, exactly as they are; the rest as text; null for what JSON has no number for. */
    private static @Nullable Object json(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Double number when !Double.isFinite(number) -> null;
            case Float number when !Float.isFinite(number) -> null;
            case Number number -> number;
            case Boolean truth -> truth;
            default -> value.toString();
        };
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static Map<TableName, Long> ordered(Map<TableName, Long> versions) {
        return new TreeMap<>(versions);
    }
}
