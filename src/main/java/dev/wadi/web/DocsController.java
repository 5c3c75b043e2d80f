package dev.wadi.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** The API documentation: Swagger UI on /openapi. All its files come from the jar, so it works without a network. */
@Controller("/docs")
@ExecuteOn(TaskExecutors.IO)
final class DocsController {
    /** The files that the page needs, by the name it asks for; nothing else of the jar can be read. */
    private static final Map<String, String> FILES = Map.of(
            "start.js", "/web/docs.js",
            "swagger-ui.css", webjar("swagger-ui.css"),
            "swagger-ui-bundle.js", webjar("swagger-ui-bundle.js"),
            "favicon-32x32.png", webjar("favicon-32x32.png"));

    @Get
    HttpResponse<byte[]> page() {
        return Asset.page("/web/docs.html");
    }

    @Get("/{file}")
    HttpResponse<byte[]> file(String file) {
        String path = FILES.get(file);
        if (path == null) {
            throw new HttpStatusException(HttpStatus.NOT_FOUND, "There is no /docs/" + file);
        }
        return Asset.file(path);
    }

    private static String webjar(String file) {
        return "/META-INF/resources/webjars/swagger-ui/%s/%s".formatted(version(), file);
    }

    /** The version of Swagger UI is part of the path in its jar. */
    private static String version() {
        try (InputStream text =
                DocsController.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            Properties properties = new Properties();
            properties.load(Objects.requireNonNull(text, "the jar org.webjars:swagger-ui is not on the class path"));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("The version of Swagger UI cannot be read from its jar", e);
        }
    }
}
