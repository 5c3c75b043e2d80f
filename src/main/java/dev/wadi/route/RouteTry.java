package dev.wadi.route;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Sql;
import dev.wadi.merge.Delivery;
import dev.wadi.table.Lake;
import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs one route on the events of a file, into a lake of its own. The route's `from:` is not connected: the file stands in its
 * place. A route that is driven by a table gets the file as the rows of that table.
 */
public final class RouteTry implements AutoCloseable {
    private static final String DOOR = "direct:try";
    private static final long PATIENCE_SECONDS = 60;
    /** Ends that touch nothing outside of the lake. */
    private static final Set<String> HARMLESS = Set.of("delta", "log", "mock");

    private final RouteSet set;
    private final RouteSet.Written written;
    private final BeansAtRest beans;
    private final Tables tables;
    private final RouteContexts contexts;

    /**
     * What became of the events.
     *
     * @param rows of each table that the route writes to, as JSON
     * @param failures why exchanges failed; none when all is merged or refused
     */
    public record Outcome(Map<TableName, List<String>> rows, List<Refused> refused, List<String> failures) {}

    /**
     * An event or row that did not become a row.
     *
     * @param position where in the input: {@code file:line}
     */
    public record Refused(String table, String position, String reason, String message) {}

    /**
     * Opens a lake in a folder.
     *
     * @param scratch an empty folder for all that is written
     * @param properties what <code>{{key}}</code> may be, beside the environment and application.yml
     * @throws RouteException when the route has a mistake
     * @throws Routes.UnknownRouteException when there is none of that id
     */
    public RouteTry(Path folder, String id, Path scratch, Map<String, Object> properties) {
        Mistakes mistakes = new Mistakes();
        set = new RouteFolder(folder).read(mistakes);
        RouteSet.@Nullable Written found = set.routes().get(id);
        if (found == null) {
            throw new Routes.UnknownRouteException(
                    id, set.routes().keySet().stream().sorted().toList());
        }
        written = found;
        Map<String, Object> all = new LinkedHashMap<>(properties);
        all.put("wadi.lake", scratch.resolve("lake").toString());
        all.put("wadi.data-dir", scratch.toString());
        beans = new BeansAtRest(all, null);
        beans.start();
        tables = beans.getBean(Tables.class);
        contexts = beans.getBean(RouteContexts.class);
        if (!new RouteTrial(contexts::makeForTrial, tables).run(set, mistakes).containsKey(id)) {
            beans.close();
            throw new RouteException(String.join("\n", mistakes.lines()));
        }
    }

    /** @param input null for a route that needs none, such as one from a timer */
    public Outcome run(@Nullable Path input) throws InterruptedException {
        try (DefaultCamelContext camel = contexts.makeForTrial()) {
            Done done = new Done();
            camel.addRoutePolicyFactory(done);
            List<RouteDefinition> read = new ArrayList<>();
            camel.addRoutes(set.builder(camel, written.file(), written.item().id()::equals, true, read::add));
            RouteDefinition route = read.getFirst();
            route.autoStartup(true);
            Set<TableName> targets = targets(camel, route);
            List<String> failures = new ArrayList<>();
            @Nullable TableName source = source(camel, route);
            if (source != null) {
                fill(source, need(input), failures);
                camel.start();
                done.first.get(PATIENCE_SECONDS, TimeUnit.SECONDS).ifFailed(failures);
            } else {
                boolean query =
                        sends(route).stream().anyMatch(send -> send.getUri().contains("query="));
                route.getInput().setUri(DOOR);
                camel.start();
                send(
                        camel,
                        query ? List.of(new Event("", new byte[0])) : events(need(input)),
                        contentType(input),
                        failures);
            }
            if (source != null) {
                targets.add(source);
            }
            return outcome(targets, source, failures);
        } catch (TimeoutException e) {
            throw new RouteException(
                    "the route '%s' was not done within %d s"
                            .formatted(written.item().id(), PATIENCE_SECONDS),
                    e);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new RouteException(RouteMistake.of(e).problem(), e);
        }
    }

    @Override
    public void close() {
        beans.close();
    }

    private List<SendDefinition<?>> sends(RouteDefinition route) {
        List<SendDefinition<?>> sends = new ArrayList<>();
        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)
                .forEach(sends::add);
        return sends;
    }

    private Set<TableName> targets(CamelContext camel, RouteDefinition route) {
        Set<TableName> targets = new LinkedHashSet<>();
        for (SendDefinition<?> send : sends(route)) {
            String scheme = send.getUri().substring(0, Math.max(0, send.getUri().indexOf(':')));
            if (!HARMLESS.contains(scheme)) {
                throw new RouteException(
                        "%s:%d: the route sends to %s, which a trial must not do: try a route that ends in delta:"
                                .formatted(written.file().path(), send.getLineNumber(), send.getUri()));
            }
            if (camel.getEndpoint(send.getUri()) instanceof DeltaEndpoint table && !table.isAnyStream()) {
                targets.add(table.table());
            }
        }
        if (!ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDynamicDefinition.class)
                .isEmpty()) {
            throw new RouteException(
                    "%s:%d: the route has a toD or wireTap, and a trial cannot know where that sends: try a route without"
                            .formatted(written.file().path(), written.item().line()));
        }
        return targets;
    }

    private @Nullable TableName source(CamelContext camel, RouteDefinition route) {
        String uri = route.getInput().getUri();
        if (!uri.startsWith("delta:") || !(camel.getEndpoint(uri) instanceof DeltaEndpoint table)) {
            return null;
        }
        if (uri.contains("feed=")) {
            throw new RouteException(
                    "%s:%d: the route follows a feed, whose rows a file does not hold: try it without feed="
                            .formatted(written.file().path(), written.item().line()));
        }
        return table.table();
    }

    private static Path need(@Nullable Path input) {
        if (input == null) {
            throw new RouteException("the route needs events: write --input FILE, with a line of JSON for each");
        }
        if (!Files.isReadable(input)) {
            throw new RouteException("%s cannot be read: correct the name, or its permissions".formatted(input));
        }
        return input;
    }

    private record Event(String position, byte[] body) {}

    /** A line each of NDJSON; else the file as a whole. */
    private static List<Event> events(Path input) throws IOException {
        String name = input.toString();
        if (name.endsWith(".json")) {
            return List.of(new Event(name, Files.readAllBytes(input)));
        }
        if (!name.endsWith(".ndjson") && !name.endsWith(".jsonl")) {
            throw new RouteException(
                    "%s: events are read from *.ndjson (a line each) or *.json: name it so, or write it so"
                            .formatted(input));
        }
        List<Event> events = new ArrayList<>();
        int line = 0;
        for (String text : Files.readAllLines(input)) {
            line++;
            if (!text.isBlank()) {
                events.add(new Event(name + ":" + line, text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            }
        }
        return events;
    }

    private static @Nullable String contentType(@Nullable Path input) {
        return input == null ? null : "application/json";
    }

    private static void send(
            CamelContext camel, List<Event> events, @Nullable String contentType, List<String> failures)
            throws Exception {
        AsyncProducer producer = camel.getEndpoint(DOOR).createAsyncProducer();
        producer.start();
        List<CompletableFuture<Exchange>> sent = new ArrayList<>();
        for (Event event : events) {
            Exchange exchange = producer.getEndpoint().createExchange();
            exchange.getMessage().setBody(event.body());
            exchange.getMessage().setHeader(DeltaHeaders.SOURCE, "try");
            exchange.getMessage().setHeader(DeltaHeaders.POSITION, event.position());
            if (contentType != null) {
                exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, contentType);
            }
            sent.add(producer.processAsync(exchange));
        }
        for (int i = 0; i < sent.size(); i++) {
            Exchange exchange = sent.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Exception failure = exchange.getException();
            if (failure != null) {
                failures.add("%s: %s".formatted(events.get(i).position(), RouteException.text(failure)));
            }
        }
    }

    /** Gives a table the rows that the file describes: events through their contract, else rows as they are. */
    private void fill(TableName source, Path input, List<String> failures) throws Exception {
        Contract contract = tables.contracts().get(source);
        if (contract.event() == null) {
            tables.transform("try", source, rows(contract, input));
            return;
        }
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (Event event : events(input)) {
            all.add(tables.intake(source)
                    .submit(new Delivery(event.body(), "application/json", "try", event.position(), Instant.now())));
        }
        for (CompletableFuture<?> each : all) {
            try {
                each.join();
            } catch (CompletionException e) {
                failures.add(RouteException.text(e.getCause() == null ? e : e.getCause()));
            }
        }
    }

    private static String rows(Contract contract, Path input) {
        String file = Sql.text(input.toString());
        if (input.toString().endsWith(".csv")) {
            return "SELECT * FROM read_csv(%s, header = true, all_varchar = true)".formatted(file);
        }
        if (input.toString().endsWith(".parquet")) {
            return "SELECT * FROM read_parquet(%s)".formatted(file);
        }
        return "SELECT * FROM read_json(%s, columns = {%s})"
                .formatted(
                        file,
                        contract.columns().stream()
                                .filter(column -> column.derivedBy() == null)
                                .map(column -> "%s: %s"
                                        .formatted(
                                                Sql.name(column.name()),
                                                Sql.text(column.type().sql())))
                                .collect(Collectors.joining(", ")));
    }

    private Outcome outcome(Set<TableName> targets, @Nullable TableName source, List<String> failures) {
        Map<TableName, List<String>> rows = new LinkedHashMap<>();
        List<Refused> refused = new ArrayList<>();
        Set<TableName> there = new LinkedHashSet<>(beans.getBean(Lake.class).tables());
        for (TableName target : targets) {
            if (!target.equals(source)) {
                rows.put(target, there.contains(target) ? json(target) : List.of());
            }
            TableName quarantine = new TableName("quarantine", target.layer() + "_" + target.name());
            if (there.contains(quarantine)) {
                refused.addAll(refused(target, quarantine));
            }
        }
        return new Outcome(rows, refused, failures);
    }

    private List<String> json(TableName table) {
        List<String> rows = new ArrayList<>();
        ask(table, "to_json(t)::VARCHAR", result -> rows.add(result.getString(1)));
        return rows;
    }

    private List<Refused> refused(TableName target, TableName quarantine) {
        List<Refused> refused = new ArrayList<>();
        ask(
                quarantine,
                "position, reason, message",
                result -> refused.add(new Refused(
                        target.toString(),
                        String.valueOf(result.getString(1)),
                        String.valueOf(result.getString(2)),
                        String.valueOf(result.getString(3)))));
        return refused;
    }

    @FunctionalInterface
    private interface Row {
        void take(ResultSet result) throws SQLException;
    }

    private void ask(TableName table, String columns, Row each) {
        try (Pin pin = beans.getBean(LakeReader.class).pin(Set.of(table));
                Statement statement = pin.connection().createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT %s FROM %s.%s t".formatted(columns, Sql.name(table.layer()), Sql.name(table.name())))) {
            while (result.next()) {
                each.take(result);
            }
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException("%s cannot be read".formatted(table), e));
        }
    }

    /** Hears how the first exchange of the route ended. */
    private static final class Done implements org.apache.camel.spi.RoutePolicyFactory {
        private final CompletableFuture<End> first = new CompletableFuture<>();

        private record End(@Nullable Exception failure) {
            void ifFailed(List<String> failures) {
                if (failure != null) {
                    failures.add(RouteException.text(failure));
                }
            }
        }

        @Override
        public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
            return new RoutePolicySupport() {
                @Override
                public void onExchangeDone(Route done, Exchange exchange) {
                    first.complete(new End(exchange.getException()));
                }
            };
        }
    }
}
