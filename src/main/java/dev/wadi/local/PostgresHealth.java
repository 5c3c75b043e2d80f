package dev.wadi.local;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Whether PostgreSQL answers {@code SELECT 1} within two seconds. */
@Singleton
@Requires(property = "jdbc.url")
@Requires(beans = HealthEndpoint.class)
final class PostgresHealth implements HealthIndicator {
    private static final String NAME = "postgres";
    private static final String TIMEOUT_SECONDS = "2";

    private final String jdbcUrl;

    PostgresHealth(@Property(name = "jdbc.url") String jdbcUrl) {
        this.jdbcUrl = jdbcUrl;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Mono.fromCallable(this::look).subscribeOn(Schedulers.boundedElastic());
    }

    private HealthResult look() {
        Properties limits = new Properties();
        limits.put("connectTimeout", TIMEOUT_SECONDS);
        limits.put("loginTimeout", TIMEOUT_SECONDS);
        limits.put("socketTimeout", TIMEOUT_SECONDS);
        try (Connection connection = DriverManager.getConnection(jdbcUrl, limits);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT 1")) {
            answer.next();
            return HealthResult.builder(NAME, HealthStatus.UP)
                    .details(Map.of("version", connection.getMetaData().getDatabaseProductVersion()))
                    .build();
        } catch (SQLException e) {
            return HealthResult.builder(NAME, HealthStatus.DOWN)
                    .details(Map.of("error", String.valueOf(e.getMessage())))
                    .build();
        }
    }
}
