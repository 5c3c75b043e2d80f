package dev.wadi.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML of the jar under {@code openapi/} in which <code>${word}</code> stands for a value, written as JSON. */
final class Template {
    private static final Pattern WORD = Pattern.compile("\\$\\{(\\w+)}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Template() {}

    /** A new document each time, so that it may be changed. */
    static Map<String, Object> fill(String name, Map<String, Object> values) {
        String filled = WORD.matcher(text(name)).replaceAll(word -> Matcher.quoteReplacement(json(word, values)));
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(filled);
    }

    private static String json(MatchResult word, Map<String, Object> values) {
        try {
            return JSON.writeValueAsString(Objects.requireNonNull(values.get(word.group(1)), word.group()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s is no JSON value".formatted(word.group()), e);
        }
    }

    private static String text(String name) {
        try (InputStream file = Template.class.getResourceAsStream("/openapi/" + name)) {
            byte[] bytes = Objects.requireNonNull(file, () -> "openapi/%s is not in the jar".formatted(name))
                    .readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("openapi/%s cannot be read from the jar".formatted(name), e);
        }
    }
}
