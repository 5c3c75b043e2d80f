package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Camel as a part of the application: its beans, its configuration, its start and stop. */
class RoutesInMicronautTest {
    private static final String SWITCH = "test.routes-in-micronaut";

    @TempDir
    Path root;

    @Factory
    @Requires(property = SWITCH)
    static class Beans {
        @Singleton
        @Replaces(LakeTables.class)
        Tables tables() {
            return new FakeTables("bronze.bookings");
        }

        @Singleton
        @Named("shout")
        Processor shout() {
            return exchange -> exchange.getMessage()
                    .setBody(exchange.getMessage().getBody(String.class).toUpperCase(Locale.ROOT));
        }
    }

    @BeforeEach
    void write() throws Exception {
        Files.writeString(root.resolve("land.camel.yaml"), """
                - route:
                    id: land-bookings
                    from:
                      uri: "direct:{{test.door}}"
                      steps:
                        - process:
                            ref: shout
                        - choice:
                            when:
                              - simple: "${body} == 'BAD'"
                                steps:
                                  - throwException:
                                      exceptionType: java.lang.IllegalStateException
                                      message: this one is bad
                            otherwise:
                              steps:
                                - to: delta:bronze.bookings
                """);
    }

    @Test
    void routesStartWithTheApplicationAndUseItsBeansAndConfiguration() throws Exception {
        try (ApplicationContext application = run()) {
            RouteGateway gateway = application.getBean(RouteGateway.class);
            Routes routes = application.getBean(Routes.class);
            gateway.send("direct:bookings", "good", Map.of()).get(5, TimeUnit.SECONDS);
            assertThat(routes.list()).singleElement().satisfies(route -> {
                assertThat(route.id()).isEqualTo("land-bookings");
                assertThat(route.file())
                        .isEqualTo(root.resolve("land.camel.yaml").toString());
                assertThat(route.line()).isEqualTo(1);
                assertThat(route.from()).isEqualTo("direct://bookings");
                assertThat(route.state()).isEqualTo(Routes.State.STARTED);
                assertThat(route.total()).isEqualTo(1);
                assertThat(route.failed()).isZero();
                assertThat(route.lastError()).isNull();
            });

            assertThatThrownBy(() ->
                            gateway.send("direct:bookings", "bad", Map.of()).get(5, TimeUnit.SECONDS))
                    .hasRootCauseMessage("this one is bad");
            assertThat(routes.list().get(0).lastError()).isEqualTo("this one is bad");
            assertThat(routes.list().get(0).lastErrorAt()).isNotNull();
        }
    }

    @Test
    void healthSaysWhichRouteIsDown() throws Exception {
        try (ApplicationContext application = run()) {
            RoutesHealth health = application.getBean(RoutesHealth.class);
            assertThat(result(health).getStatus()).isEqualTo(HealthStatus.UP);
            application.getBean(CamelContext.class).getRouteController().stopRoute("land-bookings");
            assertThat(result(health).getStatus()).isEqualTo(HealthStatus.DOWN);
            assertThat(String.valueOf(result(health).getDetails()))
                    .contains("land-bookings")
                    .contains("failed");
        }
    }

    @Test
    void nobodyAtTheEndOfADirectEndpointIsSaidAtOnce() {
        try (ApplicationContext application = run()) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> application
                            .getBean(RouteGateway.class)
                            .send("direct:nobody", "x", Map.of())
                            .get(5, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("No consumers available");
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(2));
        }
    }

    @Test
    void aBrokerThatIsAwayMakesTheHealthRedAndStopsNothing() throws Exception {
        Files.writeString(root.resolve("publish.camel.yaml"), """
                - route:
                    id: publish-bookings
                    from:
                      uri: direct:publish
                      steps:
                        - to: rabbitmq:events
                """);
        try (ApplicationContext application = run()) {
            HealthResult result = result(application.getBean(BrokerHealth.class));
            assertThat(result.getStatus()).isEqualTo(HealthStatus.DOWN);
            assertThat(String.valueOf(result.getDetails()))
                    .contains("127.0.0.1:1")
                    .doesNotContain("secret");
            assertThat(application.getBean(Routes.class).list()).allMatch(Routes.Status::started);
        }
    }

    @Test
    void aMistakeInARouteFileStopsTheStart() throws Exception {
        Path file = Files.writeString(root.resolve("bad.camel.yaml"), """
                - route:
                    id: bad
                    from:
                      uri: direct:bad
                      steps:
                        - to: delta:bronze.bokings
                """);
        assertThatThrownBy(this::run).hasStackTraceContaining(file + ":6: delta:bronze.bokings: no contract describes");
    }

    private ApplicationContext run() {
        return ApplicationContext.run(Map.of(
                SWITCH,
                "true",
                "test.door",
                "bookings",
                "wadi.routes-dir",
                root.toString(),
                "rabbitmq.uri",
                "amqp://guest:secret@127.0.0.1:1"));
    }

    private static HealthResult result(HealthIndicator health) {
        return Objects.requireNonNull(Mono.from(health.getResult()).block());
    }
}
