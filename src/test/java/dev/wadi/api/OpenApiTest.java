package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.table.TableColumn;
import io.micronaut.http.HttpMethod;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class OpenApiTest {
    /** Routes that are pages for people, not part of the API. */
    private static final Set<String> PAGES = Set.of("GET /", "GET /docs", "GET /docs/{file}");

    private static SmallServer server;
    private static JsonNode document;

    @BeforeAll
    static void start() throws Exception {
        server = new SmallServer();
        server.states().put("gold.fact_orders", Instant.now(), List.of(new TableColumn("amount", "a", 1, "DOUBLE")));
        document = new ObjectMapper().readTree(server.get("/openapi").body());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void every_path_that_is_documented_for_reading_answers_with_its_examples() throws Exception {
        List<String> asked = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            if (path.getValue().has("get")) {
                String address = path.getKey();
                for (JsonNode written : path.getValue().at("/get/parameters")) {
                    JsonNode parameter = written.has("$ref")
                            ? document.at(written.get("$ref").asText().substring(1))
                            : written;
                    if (parameter.path("in").asText().equals("path")) {
                        address = address.replace(
                                "{%s}".formatted(parameter.get("name").asText()),
                                parameter.get("example").asText());
                    }
                }
                for (JsonNode parameter : path.getValue().at("/get/parameters")) {
                    if (parameter.path("required").asBoolean()
                            && parameter.path("in").asText().equals("query")) {
                        address += "?" + parameter.get("name").asText() + "="
                                + parameter.at("/schema/enum/0").asText();
                    }
                }
                HttpResponse<?> response =
                        path.getValue().at("/get/responses/200/content").has("text/event-stream")
                                ? begun(address)
                                : server.get(address);
                assertThat(response.statusCode()).describedAs(address).isEqualTo(200);
                assertThat(path.getValue().at("/get/responses/200/content").properties())
                        .describedAs(address)
                        .extracting(Map.Entry::getKey)
                        .contains(response.headers()
                                .firstValue("content-type")
                                .orElse("")
                                .split(";")[0]);
                asked.add(address);
            }
        }
        assertThat(asked).contains("/api/kpis/revenue", "/api/active-users", "/api/tables/gold.fact_orders", "/health");
    }

    /** An answer that never ends, once its first event is there. */
    private static HttpResponse<?> begun(String address) throws Exception {
        HttpResponse<Stream<String>> response = server.lines(address, Map.of());
        try (Stream<String> lines = response.body()) {
            assertThat(lines.anyMatch(line -> line.startsWith("data: {"))).isTrue();
        }
        return response;
    }

    @Test
    void every_route_is_documented() {
        List<UriRouteInfo<?, ?>> routes =
                server.context().getBean(Router.class).uriRoutes().collect(Collectors.toList());
        Set<String> undocumented = new TreeSet<>();
        for (UriRouteInfo<?, ?> route : routes) {
            String text = route.getHttpMethodName() + " " + route.getUriMatchTemplate();
            boolean api = route.getHttpMethod() != HttpMethod.HEAD
                    && route.getDeclaringType().getName().startsWith("dev.wadi.")
                    && !PAGES.contains(text);
            if (api && !documented(route)) {
                undocumented.add(text);
            }
        }

        assertThat(routes).hasSizeGreaterThan(8);
        assertThat(undocumented).isEmpty();
    }

    private static boolean documented(UriRouteInfo<?, ?> route) {
        String method = route.getHttpMethodName().toLowerCase(Locale.ROOT);
        String pattern = route.getUriMatchTemplate().toString().replaceAll("\\{[^}]*}", "[^/]+");
        return document.get("paths").properties().stream()
                .anyMatch(path ->
                        path.getKey().matches(pattern) && path.getValue().has(method));
    }

    @Test
    void a_kpi_has_its_own_dimensions_and_grains() {
        JsonNode revenue = document.at("/paths/~1api~1kpis~1revenue/get");

        assertThat(parameter(revenue, "by").at("/schema/items/enum").toString())
                .isEqualTo(
                        "[\"currency\",\"status\",\"agency\",\"product\",\"product_type\",\"destination\",\"country\","
                                + "\"segment\",\"source\"]");
        assertThat(parameter(revenue, "grain").at("/schema/enum").toString())
                .isEqualTo("[\"hour\",\"day\",\"week\",\"month\",\"quarter\",\"year\"]");
        assertThat(revenue.get("description").asText())
                .contains("Always grouped by currency", "- `/api/kpis/revenue?grain=month&by=currency`");
        assertThat(revenue.get("parameters").findValuesAsText("name"))
                .containsExactly(
                        "from",
                        "to",
                        "tz",
                        "grain",
                        "by",
                        "where",
                        "compare_to",
                        "fill",
                        "having",
                        "order",
                        "totals",
                        "format");
        assertThat(parameter(document.at("/paths/~1api~1active-users/get"), "days")
                        .at("/schema/default")
                        .asInt())
                .isEqualTo(30);
    }

    @Test
    void every_example_is_answered() throws Exception {
        int asked = 0;
        for (JsonNode path : document.get("paths")) {
            Matcher example = Pattern.compile("- `(/[^`]+)`")
                    .matcher(path.at("/get/description").asText());
            while (example.find()) {
                HttpResponse<String> response = server.get(example.group(1));
                assertThat(response.statusCode())
                        .describedAs(example.group(1) + " " + response.body())
                        .isEqualTo(200);
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(60);
        JsonNode several = document.at("/paths/~1api~1kpis~1query/post/requestBody/content/application~1json/example");
        HttpResponse<String> response = server.post("/api/kpis/query", several.toString());
        assertThat(response.statusCode()).describedAs(response.body()).isEqualTo(200);
    }

    @Test
    void the_members_of_an_answer_are_those_that_are_documented() throws Exception {
        JsonNode answer = new ObjectMapper()
                .readTree(server.get("/api/kpis/revenue?grain=day&by=country").body());
        JsonNode schema = document.at("/paths/~1api~1kpis~1revenue/get/responses/200/content/application~1json/schema");

        Set<String> documented = names(schema.get("properties"));
        documented.remove("columns");
        assertThat(names(answer)).isEqualTo(documented);
        assertThat(names(schema.at("/properties/rows/items/properties"))).containsAll(names(answer.at("/rows/0")));
        assertThat(names(new ObjectMapper()
                        .readTree(server.get("/api/kpis").body())
                        .at("/kpis/0")))
                .isEqualTo(names(document.at("/components/schemas/Kpi/properties")));
        assertThat(names(told("/api/kpis/orders/explain"))).isEqualTo(documented("explain"));
        assertThat(names(told("/api/kpis/orders/explain").at("/tables/0")))
                .isEqualTo(names(document.at("/components/schemas/ReadTable/properties")));
        assertThat(names(told("/api/kpis/orders/facts"))).isEqualTo(documented("facts"));
        assertThat(names(told("/api/trace/gold.fact_orders/bookings,B1")))
                .isEqualTo(names(document.at("/components/schemas/Trace/properties")));
        assertThat(names(told("/api/why/gold.fact_orders/bookings,B1")))
                .isEqualTo(names(document.at("/components/schemas/Why/properties")));
        assertThat(names(told("/api/why/gold.fact_orders/bookings,B1").at("/events/0")))
                .isEqualTo(names(document.at("/components/schemas/Why/properties/events/items/properties")));
        assertThat(names(new ObjectMapper()
                        .readTree(server.get("/api/tables").body())
                        .at("/tables/0")))
                .isEqualTo(names(document.at("/components/schemas/TableSummary/properties")));
        assertThat(names(new ObjectMapper()
                        .readTree(server.get("/api/tables/gold.fact_orders").body())))
                .isEqualTo(names(document.at("/components/schemas/Table/properties")));
    }

    private static JsonNode told(String path) throws Exception {
        return new ObjectMapper().readTree(server.get(path).body());
    }

    private static Set<String> documented(String step) {
        return names(document.at("/paths/~1api~1kpis~1{name}~1" + step
                + "/get/responses/200/content/application~1json/schema/properties"));
    }

    @Test
    void a_stream_has_the_schema_of_its_contract() {
        JsonNode post = document.at("/paths/~1api~1events~1clickstream/post/requestBody/content/application~1json");

        assertThat(post.at("/schema/oneOf/0").toString())
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"event_id\":{\"type\":\"string\",\"description\":\"Names"
                                + " it\"},\"action\":{\"type\":\"string\",\"enum\":[\"login\",\"logout\"]},\"location\":"
                                + "{\"type\":\"object\",\"properties\":{\"lat\":{\"type\":\"number\",\"minimum\":-90.0,"
                                + "\"maximum\":90.0}},\"required\":[\"lat\"]}},\"required\":[\"event_id\",\"action\"]}");
        assertThat(post.get("example").toString()).isEqualTo("{\"event_id\":\"event_id-1\",\"action\":\"login\"}");
    }

    @Test
    void every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
        for (String reference : document.findValuesAsText("$ref")) {
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .describedAs(reference)
                    .isFalse();
        }
        assertThat(document.findValuesAsText("operationId"))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(10);
    }

    @Test
    void the_document_is_yaml_for_those_who_ask_for_it() throws Exception {
        HttpResponse<String> yaml = server.get("/openapi", "Accept", "application/yaml");

        assertThat(yaml.headers().firstValue("content-type").orElse("")).startsWith("application/yaml");
        assertThat(yaml.body()).contains("openapi: 3.1.0").doesNotContain("&id001");
        assertThat((Object) new ObjectMapper().valueToTree(new Yaml().load(yaml.body())))
                .isEqualTo(document);
        assertThat(server.get("/openapi", "Accept", "text/html,*/*;q=0.8").body())
                .startsWith("{");
    }

    private static JsonNode parameter(JsonNode operation, String name) {
        for (JsonNode parameter : operation.get("parameters")) {
            if (parameter.path("name").asText().equals(name)) {
                return parameter;
            }
        }
        throw new AssertionError("no parameter " + name);
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
    }
}
