package dev.wadi.route;

import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The routes of a folder as they were written at one moment, with the queries they name. What is read stays as it was read. */
final class RouteSet {
    /** The property of a route that says of what version it is. */
    static final String VERSION = "wadi.version";

    private final Path root;
    private final List<RouteFile> files;
    private final Map<String, Written> routes = new LinkedHashMap<>();
    /** The text of each query that was asked for. */
    private final Map<Path, String> queries = new ConcurrentHashMap<>();

    /** Where a route is written. */
    record Written(RouteFile file, RouteFile.Item item) {
        /** The line of the route's file in which a text stands first; {@code otherwise} when there is none. */
        int lineOf(String text, int otherwise) {
            return file.lineOf(item, text, otherwise);
        }
    }

    /** Two routes with one id are told as a mistake, and the first of them is taken. */
    RouteSet(Path root, List<RouteFile> files, Mistakes mistakes) {
        this.root = root;
        this.files = List.copyOf(files);
        for (RouteFile file : files) {
            for (RouteFile.Item item : file.routes()) {
                Written first = routes.putIfAbsent(item.id(), new Written(file, item));
                if (first != null) {
                    mistakes.add(
                            file.path(),
                            item.line(),
                            "the route id '%s' is taken by %s:%d: give one of the two another id"
                                    .formatted(
                                            item.id(),
                                            first.file().path(),
                                            first.item().line()));
                }
            }
        }
    }

    /** No routes at all. */
    static RouteSet none(Path root) {
        return new RouteSet(root, List.of(), new Mistakes());
    }

    /** By id, in the order of the files. */
    Map<String, Written> routes() {
        return routes;
    }

    List<RouteFile> files() {
        return files;
    }

    /**
     * A builder of some routes of a file.
     *
     * @param wanted says which, by id
     * @param beans whether the beans of the file are made too
     * @param change what is done to each route before it is used
     */
    RouteBuilder builder(
            CamelContext camel,
            RouteFile file,
            Predicate<String> wanted,
            boolean beans,
            Consumer<RouteDefinition> change)
            throws Exception {
        String text =
                file.with(item -> item.route() ? wanted.test(item.id()) && owns(file, item) : beans || !item.beans());
        Collection<RoutesBuilder> builders = PluginHelper.getRoutesLoader(camel)
                .findRoutesBuilders(ResourceHelper.fromString("file:" + file.path(), text));
        RouteBuilder builder = (RouteBuilder) builders.iterator().next();
        builder.setCamelContext(camel);
        builder.addLifecycleInterceptor(new RouteBuilderLifecycleStrategy() {
            @Override
            public void afterConfigure(RouteBuilder read) {
                for (RouteDefinition route : read.getRouteCollection().getRoutes()) {
                    List<String> texts = new ArrayList<>(List.of(file.shared()));
                    resolveQueries(camel, file, route, texts);
                    Written written = routes.get(route.getRouteId());
                    if (written != null) {
                        texts.add(written.item().content());
                    }
                    route.routeProperty(VERSION, version(texts));
                    change.accept(route);
                }
            }
        });
        return builder;
    }

    private boolean owns(RouteFile file, RouteFile.Item item) {
        Written written = routes.get(item.id());
        return written != null && written.file() == file && written.item() == item;
    }

    /** The same for texts that mean the same: the first digits of their SHA-256. */
    private static String version(List<String> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            texts.forEach(text -> digest.update((text.length() + ":" + text).getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** @param texts where the text of each query is added */
    private void resolveQueries(CamelContext camel, RouteFile file, RouteDefinition route, List<String> texts) {
        DeltaComponent delta = camel.getComponent("delta", DeltaComponent.class);
        for (SendDefinition<?> send :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)) {
            send.setUri(
                    QueryFiles.resolve(root, file.path(), Math.max(0, send.getLineNumber()), send.getUri(), query -> {
                        String text = query(query);
                        texts.add(text);
                        return delta.keep(text);
                    }));
        }
    }

    /** The text of a query, as it was when it was first asked for. */
    String query(Path query) {
        return queries.computeIfAbsent(query, path -> {
            try {
                return Files.readString(path);
            } catch (IOException e) {
                throw new RouteException("%s cannot be read: %s".formatted(path, RouteException.text(e)), e);
            }
        });
    }
}
