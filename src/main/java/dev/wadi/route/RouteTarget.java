package dev.wadi.route;

import dev.wadi.contract.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.util.URISupport;

/** The table that a route fills: its one {@code to: delta:}. A reader finds there how far it had got. */
public final class RouteTarget {
    private static final String SCHEME = "delta:";

    private RouteTarget() {}

    /** A table that a route fills, by a SELECT or, where that is empty, with what it is handed. */
    record Target(TableName table, String sql) {}

    /** The tables that a route fills, but for those of all streams; none when it is gone. */
    static List<Target> targets(CamelContext camel, String routeId) {
        List<Target> targets = new ArrayList<>();
        RouteDefinition route = ((ModelCamelContext) camel).getRouteDefinition(routeId);
        if (route == null) {
            return targets;
        }
        for (SendDefinition<?> send :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)) {
            String uri = send.getUri();
            if (uri != null
                    && uri.startsWith(SCHEME)
                    && camel.getEndpoint(uri) instanceof DeltaEndpoint endpoint
                    && !endpoint.isAnyStream()) {
                try {
                    targets.add(new Target(endpoint.table(), endpoint.sql()));
                } catch (IOException e) {
                    throw new UncheckedIOException("the SELECT of %s cannot be read".formatted(uri), e);
                }
            }
        }
        return targets;
    }

    /** @throws IllegalArgumentException when the route fills no table or several */
    public static TableName of(CamelContext camel, String routeId) {
        List<TableName> tables = tables(camel, routeId);
        if (tables.size() != 1) {
            throw new IllegalArgumentException(
                    ("the route fills %s, and how far it has read is kept in the one table that it fills: write one"
                                    + " `to: delta:bronze.STREAM`, and a route of its own for each further table")
                            .formatted(tables.isEmpty() ? "no table" : "the tables " + tables));
        }
        return tables.getFirst();
    }

    /** The routes that fill each table, but for those that find its name in what they carry. */
    static Map<TableName, List<Routes.Inlet>> inlets(CamelContext camel) {
        Map<TableName, List<Routes.Inlet>> inlets = new HashMap<>();
        for (RouteDefinition route : ((ModelCamelContext) camel).getRouteDefinitions()) {
            String from = URISupport.sanitizeUri(route.getInput().getEndpointUri());
            for (String table : names(route)) {
                if (!table.contains("*")) {
                    inlets.computeIfAbsent(TableName.parse(table), each -> new ArrayList<>())
                            .add(new Routes.Inlet(route.getRouteId(), from));
                }
            }
        }
        return inlets;
    }

    private static List<TableName> tables(CamelContext camel, String routeId) {
        RouteDefinition route = ((ModelCamelContext) camel).getRouteDefinition(routeId);
        return route == null
                ? List.of()
                : names(route).stream().map(TableName::parse).toList();
    }

    private static List<String> names(RouteDefinition route) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class).stream()
                .map(SendDefinition::getUri)
                .filter(uri -> uri != null && uri.startsWith(SCHEME))
                .map(RouteTarget::name)
                .distinct()
                .toList();
    }

    private static String name(String uri) {
        String address = uri.substring(SCHEME.length()).replaceFirst("^//", "");
        int question = address.indexOf('?');
        return question < 0 ? address : address.substring(0, question);
    }
}
