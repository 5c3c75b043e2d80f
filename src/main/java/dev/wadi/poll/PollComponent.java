package dev.wadi.poll;

import dev.wadi.route.Sources;
import dev.wadi.route.Tables;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Endpoint;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.spi.annotations.Component;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * {@code sql:SELECT}: Camel's component of this name. With {@code watermark=COLUMNS} its {@code from:} reads the rows in the
 * order of their change, each once, and keeps in the table that the route fills how far it has got; without, it is Camel's own,
 * and a {@code to:} takes the values of the lake's rows as they are.
 * The database is that of {@code jdbc.url}, unless the route names another {@code dataSource}.
 */
@Singleton
@Named("sql")
@Component("sql")
public final class PollComponent extends SqlComponent {
    private static final String SECONDS_TO_CONNECT = "5";
    /** A network that went away without a word must not hold a poll for ever. */
    private static final String SECONDS_TO_ANSWER = "300";

    private final Tables tables;
    private final Sources sources;

    public PollComponent(@Value("${jdbc.url:}") String jdbcUrl, Tables tables, Sources sources) {
        this.tables = tables;
        this.sources = sources;
        setServiceLocationEnabled(false);
        if (jdbcUrl.isBlank()) {
            setDataSource(new NoDatabase());
        } else {
            DriverManagerDataSource database = new DriverManagerDataSource(jdbcUrl);
            Properties properties = new Properties();
            properties.put("connectTimeout", SECONDS_TO_CONNECT);
            properties.put("loginTimeout", SECONDS_TO_CONNECT);
            properties.put("socketTimeout", SECONDS_TO_ANSWER);
            properties.put("tcpKeepAlive", "true");
            properties.put("ApplicationName", "wadi");
            properties.put("options", "-c TimeZone=UTC");
            database.setConnectionProperties(properties);
            setDataSource(database);
        }
    }

    Tables tables() {
        return tables;
    }

    Sources sources() {
        return sources;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        @Nullable String watermark = getAndRemoveParameter(parameters, "watermark", String.class);
        @Nullable Duration overlap = getAndRemoveParameter(parameters, "overlap", Duration.class);
        if (watermark == null) {
            if (overlap != null) {
                throw new IllegalArgumentException(
                        "overlap belongs to a poll by watermark: write watermark=COLUMNS too, such as watermark=updated_at,id");
            }
            Endpoint stock = super.createEndpoint(uri, remaining, parameters);
            if (stock instanceof SqlEndpoint sql && sql.getPrepareStatementStrategy() == null) {
                sql.setPrepareStatementStrategy(new BoundRows(sql.getSeparator()));
            }
            return stock;
        }
        @Nullable String query = getAndRemoveParameter(parameters, "query", String.class);
        int pageRows = getAndRemoveParameter(parameters, "maxMessagesPerPoll", Integer.class, 0);
        PollEndpoint endpoint = new PollEndpoint(
                uri,
                this,
                new PollSettings(
                        query == null ? remaining : query, PollSettings.columns(watermark), overlap, pageRows));
        endpoint.setServiceLocationEnabled(false);
        setProperties(endpoint, parameters);
        if (endpoint.getDataSource() == null) {
            endpoint.setDataSource(getDataSource());
        }
        return endpoint;
    }
}
