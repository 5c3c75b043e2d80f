package dev.wadi.route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Turns the {@code *.camel.yaml} files of a folder, at any depth, into routes. The one place that reads route files: who
 * wants to see them change builds a new one of these.
 *
 * <p>A query named in a route is found beside the route's file and stays inside the folder.
 */
final class RouteFolder {
    private static final String SUFFIX = ".camel.yaml";

    private final Path root;
    /** Every route that was read, by its id. */
    private final Map<String, Source> sources = new LinkedHashMap<>();

    /** Where a route was read. */
    private record Source(Path file, RouteDefinition route) {}

    /** @throws RouteException when there is no such folder */
    RouteFolder(Path root) {
        if (!Files.isDirectory(root)) {
            throw new RouteException(
                    "%s: there is no such folder: make it, or set wadi.routes-dir (WADI_ROUTES_DIR) to the one that holds the routes"
                            .formatted(root));
        }
        this.root = root;
    }

    /**
     * Adds the routes of all files. In a context that is not started they wait for its start, and then
     * {@link #explain} says what a failure of it means.
     *
     * @throws RouteException with a line for every file that cannot be read
     */
    void addTo(CamelContext camel) {
        List<RouteException> mistakes = new ArrayList<>();
        for (Path file : files()) {
            try {
                add(camel, file);
            } catch (RouteException e) {
                mistakes.add(e);
            }
        }
        if (!mistakes.isEmpty()) {
            RouteException all = new RouteException(String.join(
                    "\n", mistakes.stream().map(RouteException::text).toList()));
            mistakes.forEach(all::addSuppressed);
            throw all;
        }
    }

    /** The route files, in the order of their names. */
    List<Path> files() {
        try (Stream<Path> found = Files.walk(root)) {
            return found.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the routes in " + root, e);
        }
    }

    /** The failure of a start, told with file and line where it was caused by one of these routes. */
    RouteException explain(Throwable failure) {
        return RouteMistake.of(failure).told((id, uri) -> {
            Source source = id == null ? null : sources.get(id);
            return source == null ? null : new RouteMistake.Place(source.file(), line(source.route(), uri));
        });
    }

    private void add(CamelContext camel, Path file) {
        try {
            Collection<RoutesBuilder> builders = PluginHelper.getRoutesLoader(camel)
                    .findRoutesBuilders(ResourceHelper.resolveResource(camel, "file:" + file));
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteBuilder routes) {
                    routes.addLifecycleInterceptor(new RouteBuilderLifecycleStrategy() {
                        @Override
                        public void afterConfigure(RouteBuilder read) {
                            read.getRouteCollection().getRoutes().forEach(route -> accept(file, route));
                        }
                    });
                }
                camel.addRoutes(builder);
            }
        } catch (RouteException e) {
            throw e;
        } catch (Exception e) {
            throw RouteMistake.of(e).told((id, uri) -> new RouteMistake.Place(file, 0));
        }
    }

    private void accept(Path file, RouteDefinition route) {
        String id = route.getRouteId();
        if (id == null || !route.hasCustomIdAssigned()) {
            throw RouteException.at(
                    file,
                    Math.max(0, route.getLineNumber()),
                    "a route has no id, and what a transform has read is remembered under it: write `- route:` with `id: verb-noun`, such as id: land-bookings",
                    null);
        }
        Source other = sources.get(id);
        if (other != null) {
            throw RouteException.at(
                    file,
                    Math.max(0, route.getLineNumber()),
                    "the route id '%s' is taken by %s: give one of the two another id".formatted(id, other.file()),
                    null);
        }
        for (SendDefinition<?> send :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)) {
            send.setUri(QueryFiles.resolve(root, file, Math.max(0, send.getLineNumber()), send.getUri()));
        }
        sources.put(id, new Source(file, route));
    }

    /** The line of the endpoint that failed, else that of its route, else 0. */
    private static int line(RouteDefinition route, @Nullable String uri) {
        if (uri != null) {
            for (SendDefinition<?> send :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)) {
                if (RouteMistake.sameEndpoint(send.getUri(), uri)) {
                    return Math.max(0, send.getLineNumber());
                }
            }
            if (RouteMistake.sameEndpoint(route.getInput().getUri(), uri)) {
                return Math.max(0, route.getInput().getLineNumber());
            }
        }
        return Math.max(0, route.getLineNumber());
    }
}
