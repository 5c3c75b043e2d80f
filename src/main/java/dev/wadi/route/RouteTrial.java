package dev.wadi.route;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.Endpoint;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteDefinitionHelper;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;

/**
 * Builds routes in a Camel context that is thrown away, to find what is wrong with them. Nothing is started, so nothing is
 * connected, read or written: endpoints, steps, consumers and producers are made, and queries are planned over empty tables.
 */
final class RouteTrial {
    private final Function<Tables, DefaultCamelContext> contexts;
    private final Tables tables;

    /**
     * @param contexts makes one in which these tables are known
     * @param tables as they are described to the routes
     */
    RouteTrial(Function<Tables, DefaultCamelContext> contexts, Tables tables) {
        this.contexts = contexts;
        this.tables = tables;
    }

    /**
     * Tries all routes of a set and tells every mistake that can be found at once: one a route, or one for each of its endpoints.
     *
     * @return by id, for the routes without a mistake, all that makes them what they are: two routes with the same need no
     *     replacing
     */
    Map<String, String> run(RouteSet set, Mistakes mistakes) {
        Map<String, String> prints = new LinkedHashMap<>();
        try (DefaultCamelContext scratch = contexts.apply(tables)) {
            scratch.build();
            Map<String, String> readers = new HashMap<>();
            for (RouteFile file : set.files()) {
                boolean beans = true;
                for (RouteFile.Item item : file.routes()) {
                    RouteSet.Written written = set.routes().get(item.id());
                    if (written != null && written.item() == item) {
                        Attempt attempt = new Attempt(scratch, set, written, readers, mistakes);
                        if (attempt.run(beans)) {
                            prints.put(item.id(), attempt.print());
                        }
                        beans = false;
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("Camel did not end the trial", e);
        }
        return prints;
    }

    /** One route. */
    private final class Attempt {
        private final DefaultCamelContext scratch;
        private final RouteSet set;
        private final RouteSet.Written written;
        private final Map<String, String> readers;
        private final Mistakes mistakes;
        private final List<String> queries = new ArrayList<>();
        /** The contracts of the tables that it takes from and fills. */
        private final Set<Contract> contracts = new LinkedHashSet<>();

        private boolean fits = true;

        Attempt(
                DefaultCamelContext scratch,
                RouteSet set,
                RouteSet.Written written,
                Map<String, String> readers,
                Mistakes mistakes) {
            this.scratch = scratch;
            this.set = set;
            this.written = written;
            this.readers = readers;
            this.mistakes = mistakes;
        }

        String print() {
            return String.join(
                    "\n",
                    written.item().content(),
                    written.file().shared(),
                    String.join("\n", queries),
                    contracts.toString());
        }

        boolean run(boolean beans) {
            try {
                RouteBuilder builder =
                        set.builder(scratch, written.file(), written.item().id()::equals, beans, route -> {});
                List<RouteDefinition> read = builder.configureRoutes(scratch).getRoutes();
                for (RouteDefinition route : read) {
                    build(builder, route);
                }
            } catch (Exception e) {
                tell(e, 0);
            }
            return fits;
        }

        private void build(RouteBuilder builder, RouteDefinition route) throws Exception {
            if (route.getInput() == null || route.getInput().getUri() == null) {
                mistake(
                        written.item().line(),
                        "the route has no `from:` with a `uri:`: write where it takes from, such as uri: rabbitmq:events");
                return;
            }
            Endpoint from = endpoint(route.getInput().getUri(), route.getInput().getLineNumber());
            Map<SendDefinition<?>, Endpoint> ends = new LinkedHashMap<>();
            for (SendDefinition<?> send : sends(route)) {
                Endpoint to = endpoint(send.getUri(), send.getLineNumber());
                if (to != null) {
                    ends.put(send, to);
                }
            }
            if (!fits || from == null) {
                return;
            }
            rests(from);
            ends.values().forEach(this::rests);
            alone(from, route);
            builder.getRouteCollection().prepareRoute(route);
            RouteDefinitionHelper.forceAssignIds(scratch, route.getInput());
            RouteDefinitionHelper.forceAssignIds(scratch, route);
            scratch.getCamelContextExtension().createRoute(route.getRouteId());
            Route built = scratch.getCamelContextExtension()
                    .getContextPlugin(Model.class)
                    .getModelReifierFactory()
                    .createRoute(scratch, route);
            built.initializeServices();
            ends.forEach((send, to) -> {
                try {
                    to.createProducer();
                    if (to instanceof DeltaEndpoint table && !table.isAnyStream()) {
                        table(from, table, Math.max(0, send.getLineNumber()));
                    }
                } catch (Exception e) {
                    tell(e, send.getLineNumber());
                }
            });
        }

        /** Another contract makes another route: what it takes in is held against it. */
        private void rests(Endpoint end) {
            if (end instanceof DeltaEndpoint delta && delta.isAnyStream()) {
                tables.contracts().streams().stream()
                        .filter(contract -> contract.table().layer().equals(delta.layer()))
                        .forEach(contracts::add);
            } else if (end instanceof DeltaEndpoint delta) {
                tables.contracts().find(delta.table()).ifPresent(contracts::add);
            }
        }

        private List<SendDefinition<?>> sends(RouteDefinition route) {
            List<SendDefinition<?>> sends = new ArrayList<>();
            for (SendDefinition<?> send :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)) {
                sends.add(send);
            }
            return sends;
        }

        private @Nullable Endpoint endpoint(String uri, int line) {
            try {
                return CamelContextHelper.getMandatoryEndpoint(scratch, uri);
            } catch (Exception e) {
                tell(e, line);
                return null;
            }
        }

        /** Camel would refuse a second reader only when it starts. */
        private void alone(Endpoint from, RouteDefinition route) {
            if (!(from instanceof MultipleConsumersSupport many) || !many.isMultipleConsumersSupported()) {
                String other = readers.putIfAbsent(
                        from.getEndpointKey(), written.item().id());
                if (other != null) {
                    mistake(
                            route.getInput().getLineNumber(),
                            "the route '%s' reads %s already: give one of the two another `from:`"
                                    .formatted(other, from.getEndpointBaseUri().replace("://", ":")));
                }
            }
        }

        private void table(Endpoint from, DeltaEndpoint to, int line) throws IOException {
            Path query = to.query();
            if (query == null) {
                tables.contracts()
                        .find(to.table())
                        .filter(contract -> contract.event() == null)
                        .ifPresent(contract -> mistake(line, noEvents(contract)));
                return;
            }
            String sql = to.sql();
            queries.add(sql);
            @Nullable TableName source = from instanceof DeltaEndpoint table ? table.table() : null;
            tables.mistake(source, to.table(), sql).ifPresent(mistake -> {
                fits = false;
                mistakes.add(query, mistake.line(), mistake.text());
            });
        }

        private String noEvents(Contract contract) {
            return "%s takes no events: its contract (%s) has no column with `fill: payload`: write a bronze table here, or fill %s by a SELECT (`query: file.sql`)"
                    .formatted(contract.table(), contract.file(), contract.table());
        }

        private void tell(Exception failure, int line) {
            RouteMistake mistake = RouteMistake.of(failure, KnownNames.of(scratch));
            int at = mistake.line() > 0
                    ? mistake.line()
                    : line > 0 ? line : written.item().line();
            mistake(mistake.word() == null ? at : written.lineOf(mistake.word(), at), mistake.problem());
        }

        private void mistake(int line, String text) {
            fits = false;
            mistakes.add(written.file().path(), Math.max(1, line), text);
        }
    }
}
