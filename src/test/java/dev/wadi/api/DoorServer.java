package dev.wadi.api;

import dev.wadi.contract.Contracts;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.ApplicationContextConfiguration;
import io.micronaut.context.DefaultApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.inject.BeanDefinitionReference;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The HTTP server on a free port with the REST layer and nothing else of Wadi: what is behind it is given. */
final class DoorServer implements AutoCloseable {
    private final DefaultApplicationContext context;
    private final EmbeddedServer server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    DoorServer(Contracts contracts, Publisher publisher, Map<String, Object> settings) {
        this(contracts, table -> List.of(), publisher, settings);
    }

    DoorServer(Contracts contracts, Inlets inlets, Publisher publisher, Map<String, Object> settings, Object... more) {
        Map<String, Object> properties = new HashMap<>(settings);
        properties.put("micronaut.server.port", -1);
        properties.put("micronaut.server.host", "127.0.0.1");
        properties.put("micronaut.health.monitor.enabled", false);
        ApplicationContextBuilder builder = ApplicationContext.builder();
        builder.deduceEnvironment(false).banner(false);
        context = new RestLayerOnly((ApplicationContextConfiguration) builder);
        context.getEnvironment().addPropertySource(PropertySource.of("test", properties));
        context.registerSingleton(Contracts.class, contracts);
        context.registerSingleton(Publisher.class, publisher);
        context.registerSingleton(Inlets.class, inlets);
        for (Object bean : more) {
            context.registerSingleton(bean);
        }
        context.start();
        server = context.getBean(EmbeddedServer.class).start();
    }

    private static final class RestLayerOnly extends DefaultApplicationContext {
        RestLayerOnly(ApplicationContextConfiguration configuration) {
            super(configuration);
        }

        @Override
        @SuppressWarnings("rawtypes")
        protected List<BeanDefinitionReference> resolveBeanDefinitionReferences() {
            return super.resolveBeanDefinitionReferences().stream()
                    .filter(bean -> !bean.getBeanDefinitionName().startsWith("dev.wadi.")
                            || bean.getBeanDefinitionName().startsWith("dev.wadi.api.")
                                    && !bean.getBeanDefinitionName().contains("RoutePublisher")
                                    && !bean.getBeanDefinitionName().contains("RunningInlets"))
                    .toList();
        }
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    int port() {
        return server.getPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.stop();
        context.stop();
    }
}
