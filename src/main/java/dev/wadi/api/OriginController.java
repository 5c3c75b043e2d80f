package dev.wadi.api;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.lineage.RowKey;
import dev.wadi.lineage.Told;
import dev.wadi.lineage.Traced;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the rows of a key come from, a step at a time, and what became of each event of a key. */
@Controller("/api")
@ExecuteOn(TaskExecutors.IO)
final class OriginController {
    private static final List<String> PARAMETERS = List.of("version", "limit", "offset");
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final Origins origins;
    private final Contracts contracts;

    OriginController(Origins origins, Contracts contracts) {
        this.origins = origins;
        this.contracts = contracts;
    }

    /** The rows of a key, and those of other tables that they are made from. */
    @Get(uri = "/trace/{table}/{+key}", produces = MediaType.APPLICATION_JSON)
    HttpResponse<byte[]> trace(String table, String key, HttpRequest<?> request) {
        Parameters parameters = Parameters.of(request).only(PARAMETERS);
        int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        int offset = parameters.number("offset", 0, 0, Integer.MAX_VALUE);
        Contract contract = contract(table);
        Traced traced = origins.trace(
                RowKey.read(contract, key), parameters.version("version").orElse(null), limit, offset);
        List<@Nullable Object> values = new ArrayList<>(traced.key().values());
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("table", traced.table());
        document.put("key", traced.key());
        document.put("version", traced.version());
        document.put("rows", traced.rows().stream().map(row -> row(traced, row)).toList());
        document.put(
                "from", traced.from().stream().map(OriginController::source).toList());
        document.put("limit", limit);
        document.put("offset", offset);
        document.put("notKnown", traced.notKnown());
        document.put("links", Map.of("why", Links.why(traced.table(), values)));
        return HttpResponse.ok(JsonText.write(document));
    }

    private static Map<String, @Nullable Object> row(Traced traced, Traced.Row row) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        each.put("row", row.values());
        Traced.Written written = row.written();
        if (written == null) {
            each.put("written", null);
        } else {
            Map<String, @Nullable Object> commit = new LinkedHashMap<>();
            commit.put("version", written.version());
            commit.put("at", written.at());
            commit.put("operation", written.operation());
            commit.put("by", written.by());
            each.put("written", commit);
        }
        Traced.Event event = row.event();
        if (event == null) {
            each.put("event", null);
            return each;
        }
        Map<String, @Nullable Object> from = new LinkedHashMap<>();
        from.put("source", event.source());
        from.put("position", event.position());
        from.put("receivedAt", event.receivedAt());
        from.put("route", event.route());
        from.put("routeVersion", event.routeVersion());
        from.put("links", event.route() == null ? Map.of() : Map.of("route", "/api/routes/" + event.route()));
        each.put("event", from);
        return each;
    }

    private static Map<String, @Nullable Object> source(Traced.Source source) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        each.put("table", source.table());
        each.put("version", source.version());
        each.put("condition", source.condition());
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Map<String, @Nullable Object> values : source.rows()) {
            List<@Nullable Object> key = new ArrayList<>();
            source.key().forEach(column -> key.add(values.get(column)));
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("row", values);
            row.put("links", links(source.table(), key));
            rows.add(row);
        }
        each.put("rows", rows);
        each.put("total", source.total());
        return each;
    }

    private static Map<String, String> links(TableName table, List<@Nullable Object> key) {
        return key.isEmpty() ? Map.of() : Map.of("trace", Links.trace(table, key, null), "why", Links.why(table, key));
    }

    /** What became of each event of a key. */
    @Get(uri = "/why/{table}/{+key}", produces = MediaType.APPLICATION_JSON)
    HttpResponse<byte[]> why(String table, String key, HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        Told told = origins.why(RowKey.read(contract(table), key));
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("table", told.table());
        document.put("key", told.key());
        document.put("versions", told.versions());
        document.put("since", told.since());
        document.put("rows", told.rows());
        document.put("agrees", told.agrees());
        document.put(
                "events", told.events().stream().map(OriginController::event).toList());
        document.put(
                "decidedIn",
                told.decidedIn().stream().map(OriginController::decider).toList());
        document.put("notKnown", told.notKnown());
        document.put(
                "links",
                Map.of(
                        "trace",
                        Links.trace(told.table(), new ArrayList<>(told.key().values()), null)));
        return HttpResponse.ok(JsonText.write(document));
    }

    private static Map<String, @Nullable Object> event(Told.Event event) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        each.put("verdict", event.verdict());
        each.put("decidedIn", event.decidedIn());
        each.put("deletes", event.deletes());
        each.put("sequence", event.sequence());
        each.put("source", event.source());
        each.put("position", event.position());
        each.put("receivedAt", event.receivedAt());
        Told.Place lostTo = event.lostTo();
        if (lostTo == null) {
            each.put("lostTo", null);
        } else {
            Map<String, @Nullable Object> place = new LinkedHashMap<>();
            place.put("source", lostTo.source());
            place.put("position", lostTo.position());
            each.put("lostTo", place);
        }
        each.put("reason", event.reason());
        Told.Ref ref = event.event();
        each.put("links", ref == null ? Map.of() : Map.of("event", Links.trace(ref.table(), ref.key(), null)));
        return each;
    }

    private static Map<String, @Nullable Object> decider(Told.Ref row) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        each.put("table", row.table());
        each.put("key", Links.text(row.key()));
        each.put("links", links(row.table(), row.key()));
        return each;
    }

    private Contract contract(String name) {
        return contracts.all().stream()
                .filter(contract -> contract.table().toString().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> known = contracts.all().stream()
                            .map(contract -> contract.table().toString())
                            .toList();
                    return new Problem(
                                    HttpStatus.NOT_FOUND,
                                    "Unknown table",
                                    "There is no table '%s'. There are: %s.".formatted(name, String.join(", ", known)))
                            .with("known", known);
                });
    }
}
