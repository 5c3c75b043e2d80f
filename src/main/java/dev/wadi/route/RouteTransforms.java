package dev.wadi.route;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.QueryCheck;
import dev.wadi.merge.Transforms;
import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;

/** The SELECTs by which the routes of a folder fill tables, read from the files; nothing is started or connected. */
public final class RouteTransforms {
    private final Map<TableName, List<Transforms.Transform>> byTarget = new LinkedHashMap<>();
    /** Tables that are filled by what no table drives, with the route that does. */
    private final Map<TableName, String> undriven = new LinkedHashMap<>();

    private RouteTransforms() {}

    /**
     * @param properties what <code>{{key}}</code> may be, beside the environment and application.yml
     * @throws RouteException when a route has a mistake
     */
    public static RouteTransforms read(
            Path folder, Contracts contracts, DuckDb duckDb, Map<String, Object> properties) {
        Tables tables = new ContractTables(contracts, new QueryCheck(duckDb, contracts));
        Mistakes mistakes = new Mistakes();
        RouteSet set = new RouteFolder(folder).read(mistakes);
        RouteTransforms transforms = new RouteTransforms();
        try (BeansAtRest beans = new BeansAtRest(properties, tables)) {
            beans.start();
            RouteContexts contexts = new RouteContexts(
                    beans,
                    tables,
                    beans.getProperty("rabbitmq.uri", String.class).orElse(RabbitMqComponent.URI));
            new RouteTrial(contexts::makeForTrial, tables).run(set, mistakes);
            if (!mistakes.lines().isEmpty()) {
                throw new RouteException(String.join("\n", mistakes.lines()));
            }
            try (DefaultCamelContext scratch = contexts.makeForTrial()) {
                scratch.build();
                for (RouteSet.Written written : set.routes().values()) {
                    transforms.add(scratch, set, written);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("Camel did not end the reading", e);
        }
        return transforms;
    }

    private void add(DefaultCamelContext camel, RouteSet set, RouteSet.Written written) throws IOException {
        String id = written.item().id();
        List<RouteDefinition> routes;
        try {
            routes = set.builder(camel, written.file(), id::equals, false, route -> {})
                    .configureRoutes(camel)
                    .getRoutes();
        } catch (Exception e) {
            throw new RouteException("the route '%s' cannot be read: %s".formatted(id, RouteException.text(e)), e);
        }
        for (RouteDefinition route : routes) {
            for (SendDefinition<?> send :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)) {
                if (send.getUri().startsWith("delta:")
                        && camel.getEndpoint(send.getUri()) instanceof DeltaEndpoint to
                        && to.query() != null) {
                    add(camel, route, to);
                }
            }
        }
    }

    private void add(DefaultCamelContext camel, RouteDefinition route, DeltaEndpoint to) throws IOException {
        String uri = route.getInput().getUri();
        Endpoint from = uri.startsWith("delta:") ? camel.getEndpoint(uri) : null;
        if (from instanceof DeltaEndpoint source) {
            byTarget.computeIfAbsent(to.table(), table -> new ArrayList<>())
                    .add(new Transforms.Transform(route.getRouteId(), source.table(), to.table(), to.sql()));
        } else {
            undriven.put(to.table(), route.getRouteId());
        }
    }

    /** The tables that transforms fill. */
    public List<TableName> targets() {
        return List.copyOf(byTarget.keySet());
    }

    /** @throws RouteException when a table is filled by something else, too, or by nothing */
    public List<Transforms.Transform> of(TableName table) {
        String other = undriven.get(table);
        List<Transforms.Transform> known = byTarget.get(table);
        if (other != null) {
            throw new RouteException(
                    "%s is filled by the route '%s', which no table drives, so it cannot be made anew. Have it driven by one: from: delta:TABLE"
                            .formatted(table, other));
        }
        if (known == null) {
            throw new RouteException("%s is filled by no transform, so it cannot be made anew. There are: %s"
                    .formatted(
                            table,
                            String.join(
                                    ", ",
                                    byTarget.keySet().stream()
                                            .map(TableName::toString)
                                            .sorted()
                                            .toList())));
        }
        return known;
    }
}
