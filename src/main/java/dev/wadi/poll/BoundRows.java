package dev.wadi.poll;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.sql.DefaultSqlPrepareStatementStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Binds the values of a row as tables of the lake give them, also those that JDBC drivers do not take: a moment becomes a
 * timestamp with time zone, an object or a list its JSON.
 */
final class BoundRows extends DefaultSqlPrepareStatementStrategy {
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(LocalDate.class, ToStringSerializer.instance));

    BoundRows(char separator) {
        super(separator);
    }

    @Override
    public void populateStatement(PreparedStatement statement, Iterator<?> values, int expected) throws SQLException {
        super.populateStatement(
                statement,
                new Iterator<@Nullable Object>() {
                    @Override
                    public boolean hasNext() {
                        return values.hasNext();
                    }

                    @Override
                    public @Nullable Object next() {
                        return bound(values.next());
                    }
                },
                expected);
    }

    private static @Nullable Object bound(@Nullable Object value) {
        return switch (value) {
            case Instant instant -> instant.atOffset(ZoneOffset.UTC);
            case Map<?, ?> object -> json(object);
            case List<?> list -> json(list);
            case null, default -> value;
        };
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The value %s is no JSON".formatted(value), e);
        }
    }
}
