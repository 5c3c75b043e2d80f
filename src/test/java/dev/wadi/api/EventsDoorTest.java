package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.EventShape.Field;
import dev.wadi.contract.EventShape.Type;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.event.Decoded;
import dev.wadi.event.Event;
import dev.wadi.event.EventDecoder;
import dev.wadi.route.Routes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsDoorTest {
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final String CLOUD_EVENTS = "application/cloudevents-batch+json";
    private static final int MEBIBYTE = 1024 * 1024;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final EventShape ORDERS = new EventShape(
            "orders",
            "id",
            List.of(
                    field("id", Type.STRING, true, List.of()),
                    field("status", Type.STRING, true, List.of("open", "paid")),
                    field("quantity", Type.INTEGER, false, List.of()),
                    field("note", Type.STRING, false, List.of())));

    private final RecordingPublisher broker = new RecordingPublisher();
    private Inlets inlets = table -> List.of();
    private DoorServer door = open(Map.of());

    @AfterEach
    void close() {
        door.close();
    }

    // ---- streams of other doors

    @Test
    void a_stream_that_only_other_doors_bring_is_said_so_and_not_listed() {
        inlets = table -> List.of(
                new Routes.Inlet("capture-orders", "debezium-postgres:shop"),
                new Routes.Inlet("poll-orders", "sql:SELECT 1"));
        reopen(Map.of());

        JsonNode problem = json(post("/api/events/orders", JSON, "{\"id\":\"a\",\"status\":\"open\"}"));

        assertThat(problem.get("status").asInt()).isEqualTo(404);
        assertThat(problem.get("title").asText()).isEqualTo("Stream has another door");
        assertThat(problem.get("detail").asText())
                .isEqualTo(
                        "Events of the stream 'orders' do not come by HTTP: bronze.orders is filled by capture-orders"
                                + " (from debezium-postgres:shop) and poll-orders (from sql:SELECT 1). To post them, add a route"
                                + " from rabbitmq:events to delta:bronze.orders. Streams that can be posted: none");
        assertThat(problem.get("known")).isEmpty();
        assertThat(json(post("/api/events/other", JSON, "{}")).get("known")).isEmpty();
    }

    @Test
    void a_stream_that_other_doors_bring_too_is_taken() {
        inlets = table -> List.of(
                new Routes.Inlet("poll-orders", "sql:SELECT 1"),
                new Routes.Inlet("land-orders", "rabbitmq:events?queue=o"));
        reopen(Map.of());

        assertThat(post("/api/events/orders", JSON, "{\"id\":\"a\",\"status\":\"open\"}")
                        .statusCode())
                .isEqualTo(202);
    }

    // ---- accepted

    @Test
    void an_object_is_accepted_and_goes_to_the_broker_byte_for_byte() {
        String body = "{ \"id\":\"a\", \"status\":\"open\",  \"quantity\":1 }";

        HttpResponse<String> answer = post("/api/events/orders", JSON, body);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Content-Type")).contains(JSON);
        JsonNode receipt = json(answer);
        assertThat(receipt.get("stream").asText()).isEqualTo("orders");
        assertThat(receipt.get("accepted").asInt()).isEqualTo(1);
        assertThat(receipt.get("refused").asInt()).isZero();
        assertThat(broker.onlyText()).isEqualTo(body);
        Publisher.Message message = broker.only();
        assertThat(message.stream()).isEqualTo("orders");
        assertThat(message.id()).isEqualTo(receipt.get("receipt").asText());
        assertThat(message.arrival()).isCloseTo(new Date(), 10_000);
    }

    @Test
    void an_array_and_lines_are_one_message_each_with_all_their_events() {
        HttpResponse<String> array = post("/api/events/orders", JSON, "[" + order(1) + "," + order(2) + "]");
        HttpResponse<String> lines =
                post("/api/events/orders", "application/jsonl; charset=UTF-8", order(3) + "\n" + order(4) + "\n");

        assertThat(json(array).get("accepted").asInt()).isEqualTo(2);
        assertThat(json(lines).get("accepted").asInt()).isEqualTo(2);
        assertThat(broker.messages)
                .extracting(message -> message.posting().kind())
                .containsExactly(MediaKind.JSON, MediaKind.NDJSON);
        assertThat(consumed()).containsExactly("o1", "o2", "o3", "o4");
    }

    @Test
    void no_content_type_means_json() {
        HttpResponse<String> answer = door.send(door.request("/api/events/orders")
                .POST(BodyPublishers.ofString(order(1)))
                .build());

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(consumed()).containsExactly("o1");
    }

    @Test
    void a_large_chunked_body_is_accepted() {
        String lines = lines(20_000);
        assertThat(lines.length()).isGreaterThan(MEBIBYTE / 2);

        HttpResponse<String> answer = door.send(door.request("/api/events/orders")
                .header("Content-Type", NDJSON)
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8))))
                .build());

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).get("accepted").asInt()).isEqualTo(20_000);
        assertThat(broker.onlyText()).isEqualTo(lines);
    }

    // ---- gzip

    @Test
    void a_gzipped_body_goes_on_plain() {
        HttpResponse<String> answer = postGzip("gzip", gzip(lines(1_000)));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(broker.onlyText()).isEqualTo(lines(1_000));
    }

    @Test
    void every_member_of_a_concatenated_gzip_is_read() {
        byte[] first = gzip(order(1) + "\n");
        byte[] second = gzip(order(2) + "\n");
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        assertThat(json(postGzip("gzip", both)).get("accepted").asInt()).isEqualTo(2);
        assertThat(consumed()).containsExactly("o1", "o2");
    }

    @Test
    void gzip_that_breaks_off_is_400_and_nothing_is_accepted() {
        byte[] whole = gzip(lines(1_000));

        HttpResponse<String> answer = postGzip("gzip", Arrays.copyOf(whole, whole.length - 5));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).contains("ends in the middle").contains("Compress it again");
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void what_is_not_gzip_is_400() {
        HttpResponse<String> answer = postGzip("gzip", order(1).getBytes(StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).contains("not whole gzip").contains("without Content-Encoding");
    }

    @Test
    void a_gzip_bomb_is_413() {
        reopen(Map.of("micronaut.server.max-request-size", "1MB"));
        byte[] bomb = gzip(" ".repeat(200 * MEBIBYTE));
        assertThat(bomb.length).isLessThan(MEBIBYTE);

        HttpResponse<String> answer = postGzip("gzip", bomb);

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(broker.messages).isEmpty();
        assertThat(post("/api/events/orders", JSON, order(1)).statusCode()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "deflate", "gzip, gzip"})
    void another_content_encoding_is_415_and_names_gzip(String encoding) {
        HttpResponse<String> answer = postGzip(encoding, gzip(order(1)));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(detail(answer)).contains("'" + encoding + "'").contains("Use gzip");
        assertThat(broker.messages).isEmpty();
    }

    // ---- CloudEvents

    @Test
    void a_structured_cloud_event_is_accepted_and_goes_on_as_it_came() {
        String event = cloudEvent("e1", order(1));

        HttpResponse<String> answer = post("/api/events/orders", CLOUD_EVENT + "; charset=utf-8", event);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(broker.onlyText()).isEqualTo(event);
        assertThat(broker.only().posting().kind()).isEqualTo(MediaKind.CLOUD_EVENT);
        assertThat(consumed()).containsExactly("o1");
    }

    @Test
    void a_binary_cloud_event_goes_on_in_structured_mode_with_its_data_byte_for_byte() {
        String data = "{ \"id\":\"a\",\"status\":\"paid\", \"quantity\":7 }";

        HttpResponse<String> answer = door.send(door.request("/api/events/orders")
                .header("Content-Type", JSON)
                .header("ce-specversion", "1.0")
                .header("CE-Id", "e%20%22quoted%22 1")
                .header("ce-source", "/shop")
                .header("ce-type", "order.changed")
                .header("ce-region", "Z%C3%BCrich")
                .POST(BodyPublishers.ofString(data))
                .build());

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(broker.only().posting().kind()).isEqualTo(MediaKind.CLOUD_EVENT);
        assertThat(broker.onlyText()).contains("\"data\":" + data);
        JsonNode event = json(broker.onlyText());
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("id").asText()).isEqualTo("e \"quoted\" 1");
        assertThat(event.get("region").asText()).isEqualTo("Zürich");
        assertThat(event.get("datacontenttype").asText()).isEqualTo(JSON);
        assertThat(consumed()).containsExactly("a");
    }

    @Test
    void the_data_of_a_binary_cloud_event_cannot_pass_for_attributes() {
        HttpResponse<String> answer = postBinary(order(1) + ",\"id\":\"forged\"");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).startsWith("Line 1, column ");
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void a_binary_cloud_event_without_a_body_is_400() {
        assertThat(postBinary("").statusCode()).isEqualTo(400);
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void a_ce_header_that_is_no_attribute_is_400() {
        HttpResponse<String> answer = door.send(door.request("/api/events/orders")
                .header("ce-id", "1")
                .header("ce-data", "{}")
                .POST(BodyPublishers.ofString(order(1)))
                .build());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).contains("ce-data");
    }

    @Test
    void the_lines_of_ndjson_cannot_be_the_data_of_one_cloud_event() {
        HttpResponse<String> answer = door.send(door.request("/api/events/orders")
                .header("Content-Type", NDJSON)
                .header("ce-id", "1")
                .POST(BodyPublishers.ofString(order(1)))
                .build());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).contains(CLOUD_EVENTS);
    }

    @Test
    void an_envelope_without_its_id_is_422() {
        HttpResponse<String> answer = post(
                "/api/events/orders",
                CLOUD_EVENT,
                "{\"specversion\":\"1.0\",\"source\":\"/shop\",\"type\":\"t\",\"data\":" + order(1) + "}");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void a_batch_of_cloud_events_is_one_message() {
        String batch = "[" + cloudEvent("e1", order(1)) + "," + cloudEvent("e2", order(2)) + "]";

        HttpResponse<String> answer = post("/api/events/orders", CLOUD_EVENTS, batch);

        assertThat(json(answer).get("accepted").asInt()).isEqualTo(2);
        assertThat(broker.onlyText()).isEqualTo(batch);
        assertThat(consumed()).containsExactly("o1", "o2");
    }

    // ---- refused

    @Test
    void one_bad_event_refuses_all_and_every_problem_is_listed() {
        String body =
                "[" + order(1) + ",{\"id\":\"b\",\"status\":\"lost\",\"quantity\":\"two\"},{\"status\":\"open\"}]";

        HttpResponse<String> answer = post("/api/events/orders", JSON, body);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(detail(answer))
                .startsWith("2 of 3 events do not fit the contract of orders.")
                .contains("?partial=true");
        JsonNode problems = json(answer).get("problems");
        assertThat(problems.findValuesAsText("index")).containsExactly("1", "1", "2");
        assertThat(problems.findValuesAsText("pointer")).containsExactly("/status", "/quantity", "/id");
        assertThat(problems.get(0).get("expected").asText()).contains("open").contains("paid");
        assertThat(problems.get(0).get("found").asText()).contains("lost");
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void of_many_problems_a_hundred_are_listed_and_the_others_counted() {
        String body = "{\"id\":\"b\",\"status\":\"lost\"}\n".repeat(130);

        JsonNode problem = json(post("/api/events/orders", NDJSON, body));

        assertThat(problem.get("refused").asInt()).isEqualTo(130);
        assertThat(problem.get("problems")).hasSize(100);
        assertThat(problem.get("more").asInt()).isEqualTo(30);
    }

    @Test
    void partial_accepts_the_good_events_and_lists_the_bad_ones() {
        String good = "{ \"id\":\"g\",\n \"status\":\"open\",\t\"note\":\"a, ] } \\\" b\" }";
        String body = "[{\"id\":\"b\",\"status\":\"lost\"}, " + good + " ," + order(3) + "]";

        HttpResponse<String> answer = post("/api/events/orders?partial=true", JSON, body);

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode receipt = json(answer);
        assertThat(receipt.get("accepted").asInt()).isEqualTo(2);
        assertThat(receipt.get("refused").asInt()).isEqualTo(1);
        assertThat(receipt.get("problems").get(0).get("index").asInt()).isZero();
        assertThat(receipt.get("problems").get(0).get("pointer").asText()).isEqualTo("/status");
        assertThat(consumed()).containsExactly("g", "o3");
        assertThat(decoded().getFirst().payload()).isEqualTo(good);
    }

    @Test
    void partial_skips_lines_that_are_not_json() {
        HttpResponse<String> answer =
                post("/api/events/orders?partial=true", NDJSON, order(1) + "\n{\"id\":\"cut off\n" + order(3) + "\n");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).get("refused").asInt()).isEqualTo(1);
        assertThat(consumed()).containsExactly("o1", "o3");
    }

    @Test
    void partial_keeps_the_envelopes_of_cloud_events() {
        String batch = "[ " + cloudEvent("e1", "{\"status\":\"open\"}") + ",\n" + cloudEvent("é2", order(2)) + " , "
                + cloudEvent("e3", "{}") + "," + cloudEvent("e4", order(4)) + "]";

        HttpResponse<String> answer = post("/api/events/orders?partial=true", CLOUD_EVENTS, batch);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).get("accepted").asInt()).isEqualTo(2);
        assertThat(broker.onlyText())
                .isEqualTo("[" + cloudEvent("é2", order(2)) + "," + cloudEvent("e4", order(4)) + "]");
        assertThat(broker.only().posting().kind()).isEqualTo(MediaKind.CLOUD_EVENTS);
        assertThat(consumed()).containsExactly("o2", "o4");
    }

    @Test
    void partial_cuts_a_batch_behind_a_byte_order_mark_at_the_right_places() {
        String batch = "\uFEFF[" + cloudEvent("e1", "{}") + "," + cloudEvent("e2", order(2)) + "]";

        HttpResponse<String> answer = post("/api/events/orders?partial=true", CLOUD_EVENTS, batch);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(broker.onlyText()).isEqualTo("[" + cloudEvent("e2", order(2)) + "]");
    }

    @Test
    void partial_with_nothing_good_is_422() {
        HttpResponse<String> answer = post("/api/events/orders?partial=true", JSON, "[{\"id\":\"b\"}]");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(detail(answer)).contains("1 of 1").doesNotContain("partial");
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void a_body_that_is_not_json_is_400_and_says_where() {
        HttpResponse<String> answer = post("/api/events/orders", JSON, "[" + order(1) + ",\n{\"id\":");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).containsIgnoringCase("line 2");
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void an_empty_body_is_400() {
        assertThat(post("/api/events/orders", JSON, "").statusCode()).isEqualTo(400);
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void an_empty_array_is_accepted_and_no_message_is_sent() {
        HttpResponse<String> answer = post("/api/events/orders", JSON, "[]");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).get("accepted").asInt()).isZero();
        assertThat(broker.messages).isEmpty();
    }

    @Test
    void an_unknown_stream_is_404_and_lists_the_known() {
        HttpResponse<String> answer = post("/api/events/oders", JSON, order(1));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(detail(answer)).contains("'oders'").contains("orders");
        assertThat(json(answer).get("known").get(0).asText()).isEqualTo("orders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"})
    void another_media_type_is_415_and_lists_the_supported(String mediaType) {
        HttpResponse<String> answer = post("/api/events/orders", mediaType, order(1));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(detail(answer)).contains("-H 'Content-Type: application/json'");
        assertThat(json(answer).get("allowed").size()).isEqualTo(4);
    }

    @Test
    void another_charset_is_415() {
        HttpResponse<String> answer = post("/api/events/orders", JSON + ";charset=ISO-8859-1", order(1));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(detail(answer)).contains("charset=iso-8859-1").contains("UTF-8");
    }

    // ---- too much

    @Test
    void a_body_announced_too_large_is_413_before_it_is_sent() throws IOException {
        reopen(Map.of("micronaut.server.max-request-size", "1MB"));
        try (Socket socket = new Socket("127.0.0.1", door.port())) {
            socket.setSoTimeout(10_000);
            write(socket, head("Content-Length: 2000000"));

            String answer = readSome(socket);

            assertThat(answer).startsWith("HTTP/1.1 413").contains("application/problem+json");
        }
    }

    @Test
    void a_chunked_body_that_grows_too_large_is_413() throws IOException {
        reopen(Map.of("micronaut.server.max-request-size", "1MB"));
        try (Socket socket = new Socket("127.0.0.1", door.port())) {
            socket.setSoTimeout(10_000);
            write(socket, head("Transfer-Encoding: chunked"));
            for (int i = 0; i < 9; i++) {
                write(socket, "20000\r\n" + " ".repeat(0x20000) + "\r\n");
            }

            String answer = readSome(socket);

            assertThat(answer).startsWith("HTTP/1.1 413").contains("1048576 bytes");
        }
    }

    @Test
    void more_requests_than_the_door_holds_are_429_until_the_broker_confirms() {
        reopen(Map.of("wadi.door.max-pending", 2));
        CompletableFuture<Void> confirmation = new CompletableFuture<>();
        broker.confirmation = () -> confirmation;
        CompletableFuture<HttpResponse<String>> first = postAsync("[" + order(1) + "]");
        CompletableFuture<HttpResponse<String>> second = postAsync("[" + order(2) + "]");
        await(2);

        HttpResponse<String> third = post("/api/events/orders", JSON, order(3));

        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.headers().firstValue("Retry-After")).contains("1");
        assertThat(detail(third)).contains("wadi.door.max-pending");
        assertThat(broker.messages).hasSize(2);
        assertThat(first).isNotDone();

        confirmation.complete(null);

        assertThat(first.join().statusCode()).isEqualTo(202);
        assertThat(second.join().statusCode()).isEqualTo(202);
        assertThat(post("/api/events/orders", JSON, order(3)).statusCode()).isEqualTo(202);
    }

    @Test
    void more_bytes_than_the_door_holds_are_429() {
        reopen(Map.of("micronaut.server.max-request-size", "1MB", "wadi.door.max-pending-bytes", MEBIBYTE));
        CompletableFuture<Void> confirmation = new CompletableFuture<>();
        broker.confirmation = () -> confirmation;
        CompletableFuture<HttpResponse<String>> first = postAsync(order(1) + " ".repeat(MEBIBYTE / 2));
        await(1);

        assertThat(post("/api/events/orders", JSON, order(2) + " ".repeat(MEBIBYTE / 2))
                        .statusCode())
                .isEqualTo(429);
        assertThat(postGzip("gzip", gzip(" ".repeat(MEBIBYTE / 2) + order(2))).statusCode())
                .isEqualTo(429);

        confirmation.complete(null);

        assertThat(first.join().statusCode()).isEqualTo(202);
        assertThat(post("/api/events/orders", JSON, order(2) + " ".repeat(MEBIBYTE / 2))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void refused_requests_leave_no_room_taken() {
        reopen(Map.of("wadi.door.max-pending", 1));
        for (int i = 0; i < 3; i++) {
            assertThat(post("/api/events/orders", JSON, "{}").statusCode()).isEqualTo(422);
            assertThat(post("/api/events/orders", JSON, "{").statusCode()).isEqualTo(400);
            assertThat(post("/api/events/orders", JSON, "[]").statusCode()).isEqualTo(202);
            assertThat(postGzip("gzip", new byte[] {1, 2, 3}).statusCode()).isEqualTo(400);
            assertThat(post("/api/events/nothing", JSON, "{").statusCode()).isEqualTo(404);
        }
        assertThat(post("/api/events/orders", JSON, order(1)).statusCode()).isEqualTo(202);
    }

    @Test
    void a_client_that_goes_away_in_the_middle_leaves_no_room_taken() throws Exception {
        reopen(Map.of("wadi.door.max-pending", 1));
        boolean full = false;
        // Asked too early, the question takes the only place, and it is the half request that is sent away.
        for (int tries = 0; tries < 20 && !full; tries++) {
            try (Socket socket = new Socket("127.0.0.1", door.port())) {
                write(socket, head("Content-Length: 100000") + "{\"id\":");
                Thread.sleep(200);
                full = post("/api/events/orders", JSON, order(1)).statusCode() == 429;
            }
        }
        assertThat(full).isTrue();

        assertThat(eventually(202)).isTrue();
    }

    // ---- single events that meet

    @Test
    void single_events_that_come_while_one_is_under_way_share_a_message_and_each_is_told_its_place() {
        CompletableFuture<Void> confirmation = new CompletableFuture<>();
        broker.confirmation = () -> confirmation;
        CompletableFuture<HttpResponse<String>> ahead = postAsync(order(0));
        await(1);
        List<CompletableFuture<HttpResponse<String>>> meeting = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            meeting.add(postAsync(order(i)));
        }
        // An array has a message of its own and overtakes them.
        CompletableFuture<HttpResponse<String>> array = postAsync("[" + order(10) + "]");
        await(2);
        awaitGathered(9);

        assertThat(broker.messages).hasSize(2);
        assertThat(meeting).noneMatch(CompletableFuture::isDone);

        CompletableFuture<Void> second = new CompletableFuture<>();
        broker.confirmation = () -> second;
        confirmation.complete(null);

        assertThat(ahead.join().statusCode()).isEqualTo(202);
        assertThat(array.join().statusCode()).isEqualTo(202);
        await(3);
        assertThat(meeting).noneMatch(CompletableFuture::isDone);
        second.complete(null);
        Publisher.Message together = broker.messages.get(2);
        assertThat(together.posting().kind()).isEqualTo(MediaKind.NDJSON);
        List<Event> events = decoded().subList(2, 11);
        for (int i = 1; i <= 9; i++) {
            HttpResponse<String> answer = meeting.get(i - 1).join();
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(json(answer).get("accepted").asInt()).isEqualTo(1);
            String place = json(answer).get("receipt").asText();
            assertThat(place).startsWith(together.id() + "#");
            int number = Integer.parseInt(place.substring(together.id().length() + 1));
            assertThat(events.get(number).payload()).isEqualTo(order(i));
        }
        assertThat(consumed()).hasSize(11).doesNotHaveDuplicates();
    }

    @Test
    void when_the_broker_does_not_confirm_a_shared_message_all_of_it_are_503_and_the_next_go_on() {
        CompletableFuture<Void> confirmation = new CompletableFuture<>();
        broker.confirmation = () -> confirmation;
        CompletableFuture<HttpResponse<String>> ahead = postAsync(order(0));
        await(1);
        List<CompletableFuture<HttpResponse<String>>> meeting =
                List.of(postAsync(order(1)), postAsync(order(2)), postAsync(order(3)));
        awaitGathered(3);
        broker.confirmation = () -> CompletableFuture.failedFuture(new IOException("connection closed"));
        confirmation.complete(null);

        assertThat(ahead.join().statusCode()).isEqualTo(202);
        for (CompletableFuture<HttpResponse<String>> each : meeting) {
            assertThat(each.join().statusCode()).isEqualTo(503);
            assertThat(each.join().headers().firstValue("Retry-After")).contains("5");
        }
        broker.confirmation = () -> CompletableFuture.completedFuture(null);
        assertThat(post("/api/events/orders", JSON, order(4)).statusCode()).isEqualTo(202);
    }

    @Test
    void an_event_of_several_lines_a_byte_order_mark_or_much_space_has_a_message_of_its_own() {
        broker.confirmation = CompletableFuture::new;
        postAsync(order(0));
        await(1);

        postAsync(order(1).replace(",", ",\n"));
        await(2);
        postAsync(order(2).replace(",", ",\r"));
        await(3);
        postAsync("\uFEFF" + order(3));
        await(4);
        postAsync(" ".repeat(20_000) + order(4));
        await(5);

        assertThat(consumed()).containsExactly("o0", "o1", "o2", "o3", "o4");
    }

    // ---- the broker fails

    @Test
    void a_broker_that_does_not_confirm_is_503_and_never_202() {
        broker.confirmation = () -> CompletableFuture.failedFuture(new IOException("connection closed"));

        HttpResponse<String> answer = post("/api/events/orders", JSON, order(1));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(detail(answer)).contains("Send them again");
        broker.confirmation = () -> {
            throw new IllegalStateException("not started");
        };
        assertThat(post("/api/events/orders", JSON, order(1)).statusCode()).isEqualTo(503);
    }

    @Test
    void a_broker_that_is_silent_is_503_after_a_while_and_what_it_holds_still_counts() {
        reopen(Map.of("wadi.door.max-pending", 1, "wadi.door.confirm-timeout", "300ms"));
        CompletableFuture<Void> confirmation = new CompletableFuture<>();
        broker.confirmation = () -> confirmation;

        assertThat(post("/api/events/orders", JSON, order(1)).statusCode()).isEqualTo(503);
        assertThat(post("/api/events/orders", JSON, order(2)).statusCode()).isEqualTo(429);

        confirmation.complete(null);

        assertThat(post("/api/events/orders", JSON, order(3)).statusCode()).isEqualTo(202);
    }

    // ---- what the route reads

    @Test
    void the_route_is_told_stream_media_type_receipt_and_time_of_arrival() {
        Date arrival = new Date(1_700_000_000_123L);
        Posting posting = new Posting(MediaKind.NDJSON, new byte[0]);

        assertThat(RoutePublisher.headers(new Publisher.Message("receipt", "orders", posting, arrival)))
                .containsEntry("WadiStream", "orders")
                .containsEntry("Content-Type", NDJSON)
                .containsEntry("CamelRabbitmqMessageId", "receipt")
                .containsEntry("CamelRabbitmqTimestamp", arrival)
                .containsEntry("CamelMessageTimestamp", 1_700_000_000_123L);
    }

    // ---- tools

    private static Field field(String name, Type type, boolean required, List<String> allowed) {
        return new Field(name, type, required, "", allowed, null, null, List.of());
    }

    private DoorServer open(Map<String, Object> settings) {
        Contract contract = new Contract(
                TableName.parse("bronze.orders"),
                "",
                List.of(new Column("id", ColumnType.Simple.STRING, true, false, "", Column.Fill.EVENT_ID)),
                List.of("id"),
                Merging.keepFirst(),
                List.of(),
                List.of(),
                ORDERS,
                false,
                Path.of("orders.odcs.yaml"));
        return new DoorServer(new Contracts(List.of(contract)), inlets, broker, settings);
    }

    private void reopen(Map<String, Object> settings) {
        door.close();
        door = open(settings);
    }

    private HttpResponse<String> post(String path, String contentType, String body) {
        return door.send(door.request(path)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private CompletableFuture<HttpResponse<String>> postAsync(String body) {
        HttpRequest request = door.request("/api/events/orders")
                .header("Content-Type", JSON)
                .POST(BodyPublishers.ofString(body))
                .build();
        return door.client().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> postGzip(String encoding, byte[] body) {
        return door.send(door.request("/api/events/orders")
                .header("Content-Type", NDJSON)
                .header("Content-Encoding", encoding)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    private HttpResponse<String> postBinary(String data) {
        return door.send(door.request("/api/events/orders")
                .header("Content-Type", JSON)
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-source", "/shop")
                .header("ce-type", "order.changed")
                .POST(BodyPublishers.ofString(data))
                .build());
    }

    /** Whether a good event is answered with {@code status} within 10 s. */
    private boolean eventually(int status) throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            if (post("/api/events/orders", JSON, order(1)).statusCode() == status) {
                return true;
            }
            Thread.sleep(20);
        }
        return false;
    }

    /** Waits until the broker holds {@code count} messages. */
    private void await(int count) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (broker.messages.size() < count) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Waits until {@code count} events wait to share a message. */
    private void awaitGathered(int count) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (door.bean(EventsController.class).gathered() < count) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** The ids of all events, read from the broker's messages as a consumer reads them. */
    private List<String> consumed() {
        return decoded().stream().map(Event::id).toList();
    }

    private List<Event> decoded() {
        EventDecoder decoder = new EventDecoder(ORDERS);
        return broker.messages.stream()
                .map(message -> decoder.decode(
                        message.posting().body(), message.posting().kind().mediaType()))
                .peek(decoded -> assertThat(decoded.refusals()).isEmpty())
                .map(Decoded::events)
                .flatMap(List::stream)
                .toList();
    }

    private static String order(int number) {
        return "{\"id\":\"o%d\",\"status\":\"open\",\"quantity\":%d}".formatted(number, number);
    }

    private static String lines(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(order(i)).append('\n');
        }
        return lines.toString();
    }

    private static String cloudEvent(String id, String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/shop\",\"type\":\"order\",\"data\":%s}"
                .formatted(id, data);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static String head(String header) {
        return "POST /api/events/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + header
                + "\r\n\r\n";
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** What comes until there is the end of a JSON document. */
    private static String readSome(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            out.write(b);
            if (b == '}') {
                break;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String detail(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(answer);
        assertThat(problem.get("status").asInt()).isEqualTo(answer.statusCode());
        return problem.get("detail").asText();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return json(answer.body());
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
