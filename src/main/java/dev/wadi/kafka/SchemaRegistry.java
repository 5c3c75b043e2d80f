package dev.wadi.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry with the API of Confluent's. A schema is asked for once, as an id never changes its meaning; what
 * could not be had is asked for again after a pause. For one thread.
 *
 * @param <S> what is made of a schema
 */
final class SchemaRegistry<S> {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> urls;
    private final Function<Schema, S> compiler;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Map<Integer, S> shapes = new HashMap<>();
    private final Map<Integer, Failure> failures = new HashMap<>();
    private @Nullable Failure down;

    /** Told again until {@code until}, by the clock of {@link System#nanoTime}. */
    private record Failure(RuntimeException why, long until) {
        static Failure now(RuntimeException why) {
            return new Failure(why, System.nanoTime() + PAUSE.toNanos());
        }

        boolean isOver() {
            return System.nanoTime() - until > 0;
        }
    }

    /** @param urls addresses with commas between, tried in turn; each may hold {@code user:password@} */
    SchemaRegistry(String urls, Function<Schema, S> compiler) {
        this.compiler = compiler;
        this.urls = List.of(urls.strip().split("\\s*,\\s*"));
    }

    /**
     * @throws RegistryException when the registry is away, or does not know the id
     * @throws PoisonException when the id is of something that is no Avro schema
     */
    S shape(int id) {
        S known = shapes.get(id);
        if (known != null) {
            return known;
        }
        Failure failure = down != null && !down.isOver() ? down : failures.get(id);
        if (failure != null && !failure.isOver()) {
            throw failure.why();
        }
        try {
            S shape = compiler.apply(schema(id));
            shapes.put(id, shape);
            failures.remove(id);
            return shape;
        } catch (RegistryException | PoisonException e) {
            failures.put(id, Failure.now(e));
            throw e;
        }
    }

    private Schema schema(int id) {
        JsonNode found = get("/schemas/ids/" + id, "the schema with the id " + id);
        String type = found.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new PoisonException("its schema %d is %s, not Avro".formatted(id, type));
        }
        Schema.Parser parser = new Schema.Parser();
        try {
            references(found, parser);
            return parser.parse(found.path("schema").asText());
        } catch (SchemaParseException e) {
            throw new PoisonException("its schema %d cannot be read: %s".formatted(id, e.getMessage()));
        }
    }

    /** Makes the types known that a schema takes from others. */
    private void references(JsonNode schema, Schema.Parser parser) {
        for (JsonNode reference : schema.path("references")) {
            if (!parser.getTypes().containsKey(reference.path("name").asText())) {
                JsonNode other = get(
                        "/subjects/%s/versions/%s"
                                .formatted(
                                        URLEncoder.encode(
                                                reference.path("subject").asText(), StandardCharsets.UTF_8),
                                        reference.path("version").asText()),
                        "the schema of " + reference.path("subject").asText());
                references(other, parser);
                parser.parse(other.path("schema").asText());
            }
        }
    }

    private JsonNode get(String path, String what) {
        RegistryException last = new RegistryException("no schema registry is named");
        for (String url : urls) {
            URI uri = URI.create(url.replaceAll("/+$", "") + path);
            String address = uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst(".*@", "");
            try {
                HttpResponse<byte[]> answer = client.send(request(uri), HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() == 200) {
                    down = null;
                    return JSON.readTree(answer.body());
                }
                if (answer.statusCode() == 404) {
                    throw new RegistryException("the schema registry at %s does not know %s".formatted(address, what));
                }
                last = new RegistryException(
                        "the schema registry at %s answered %d".formatted(address, answer.statusCode()));
            } catch (IOException e) {
                last = new RegistryException("the schema registry at %s does not answer".formatted(address));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RegistryException("interrupted while asking the schema registry");
            }
        }
        down = Failure.now(last);
        throw last;
    }

    private static HttpRequest request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(withoutUser(uri)).timeout(PATIENCE);
        if (uri.getUserInfo() != null) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(uri.getUserInfo().getBytes(StandardCharsets.UTF_8)));
        }
        return request.header("Accept", "application/vnd.schemaregistry.v1+json, application/json")
                .build();
    }

    private static URI withoutUser(URI uri) {
        return uri.getUserInfo() == null ? uri : URI.create(uri.toString().replaceFirst("//[^/@]*@", "//"));
    }
}
