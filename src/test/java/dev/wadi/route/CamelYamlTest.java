package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;

/** Routes are stock Camel YAML: they fit the schema that Camel ships for editors such as Kaoto. */
class CamelYamlTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("```yaml\\n((?:#[^\\n]*\\n)*- route:.*?)```", Pattern.DOTALL);

    private static final Pattern PLACEHOLDER = Pattern.compile("\"\\{\\{[^}:]+:([^}]*)}}\"");

    private final JsonSchema schema = schema();

    @Test
    void theShippedRoutesFitCamelsSchema() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            List<Path> routes = files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .toList();
            assertThat(routes).hasSizeGreaterThan(10);
            for (Path route : routes) {
                fits(route.toString(), Files.readString(route));
            }
        }
    }

    @Test
    void theExamplesOfTheDocumentationFitCamelsSchema() throws Exception {
        int examples = 0;
        try (Stream<Path> pages = Files.walk(Path.of("docs"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                for (var example :
                        EXAMPLE.matcher(Files.readString(page)).results().toList()) {
                    fits(page.toString(), example.group(1));
                    examples++;
                }
            }
        }
        assertThat(examples).isPositive();
    }

    @Test
    void whatIsNoRouteDoesNotFit() throws Exception {
        assertThat(schema.validate(json("- rout: {id: x}"), InputFormat.JSON)).isNotEmpty();
    }

    private void fits(String name, String text) throws IOException {
        assertThat(schema.validate(json(text), InputFormat.JSON)).as(name).isEmpty();
    }

    /** A placeholder may stand for a value of any type, which the schema cannot say: its default takes its place. */
    private static String json(String yaml) throws IOException {
        return new ObjectMapper()
                .writeValueAsString(
                        new Yaml().<Object>load(PLACEHOLDER.matcher(yaml).replaceAll("$1")));
    }

    private static JsonSchema schema() {
        ((Logger) LoggerFactory.getLogger("com.networknt.schema")).setLevel(Level.ERROR);
        try (InputStream schema = CamelYamlTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(Objects.requireNonNull(schema));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
