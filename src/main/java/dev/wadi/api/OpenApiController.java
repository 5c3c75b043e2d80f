package dev.wadi.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The OpenAPI document, as JSON or, when the request asks for it, as YAML. */
@Controller("/openapi")
@ExecuteOn(TaskExecutors.IO)
final class OpenApiController {
    private static final MediaType YAML = MediaType.of("application/yaml");

    private final OpenApi openApi;
    private final ObjectMapper json = new ObjectMapper();

    OpenApiController(OpenApi openApi) {
        this.openApi = openApi;
    }

    @Get(produces = {MediaType.APPLICATION_JSON, "application/yaml", "application/x-yaml", "text/yaml"})
    HttpResponse<String> document(HttpRequest<?> request) {
        Map<String, Object> document = openApi.document();
        if (yaml(request)) {
            DumperOptions options = new DumperOptions();
            options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
            options.setDereferenceAliases(true);
            return HttpResponse.ok(new Yaml(options).dump(document)).contentType(YAML);
        }
        try {
            return HttpResponse.ok(json.writeValueAsString(document)).contentType(MediaType.APPLICATION_JSON_TYPE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The OpenAPI document has a value that JSON does not have", e);
        }
    }

    /** Whether YAML is what the request accepts first. */
    private static boolean yaml(HttpRequest<?> request) {
        return request.accept().stream()
                .findFirst()
                .filter(type -> type.getName().endsWith("yaml"))
                .isPresent();
    }
}
