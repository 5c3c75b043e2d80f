package dev.wadi.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * {@code docker-compose.yml}, with its variables as they are without a {@code .env}, or as some say otherwise.
 *
 * @param variables those that are asked for, with their defaults
 */
record ComposeFile(Map<String, Object> document, Map<String, String> variables) {
    private static final Path FILE = Path.of("docker-compose.yml");
    static final String UNSET = "unset";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");

    static ComposeFile read(Map<String, String> given) {
        String text = text(FILE);
        Map<String, String> variables = new TreeMap<>();
        Matcher asked = VARIABLE.matcher(text);
        String filled = asked.replaceAll(each -> {
            variables.put(each.group(1), each.group(2));
            return Matcher.quoteReplacement(given.getOrDefault(each.group(1), each.group(2)));
        });
        if (filled.contains("${")) {
            throw new AssertionError("a variable of docker-compose.yml has no default: "
                    + filled.lines().filter(line -> line.contains("${")).toList());
        }
        return new ComposeFile(yaml(filled), variables);
    }

    /** A document in YAML, in which {@link #UNSET} stands for what has no value. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> yaml(String text) {
        return (Map<String, Object>) known(new Yaml().load(text));
    }

    private static Object known(@Nullable Object value) {
        return switch (value) {
            case null -> UNSET;
            case Map<?, ?> map -> {
                Map<String, Object> known = new LinkedHashMap<>();
                map.forEach((key, each) -> known.put(String.valueOf(key), known(each)));
                yield known;
            }
            case List<?> list -> list.stream().map(ComposeFile::known).toList();
            default -> value;
        };
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        Map<String, Object> all = map(document, "services");
        all.keySet().forEach(name -> services.put(name, map(all, name)));
        return services;
    }

    Map<String, Object> service(String name) {
        return Objects.requireNonNull(services().get(name), name);
    }

    /** The variables that a service gets. A name without a value is one that only {@code .env} may give; it is left out. */
    Map<String, String> environment(String service) {
        Map<String, String> environment = new TreeMap<>();
        map(service(service), "environment").forEach((name, value) -> {
            if (value != UNSET) {
                environment.put(name, String.valueOf(value));
            }
        });
        return environment;
    }

    /** The names of the variables that a service gets or may get. */
    Set<String> names(String service) {
        return map(service(service), "environment").keySet();
    }

    /** A part of a document in YAML; empty when it is not there. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Map<String, Object> parent, String key) {
        Object value = parent.get(key);
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    /** A list of texts in a document in YAML; empty when it is not there. */
    static List<String> texts(Map<String, Object> parent, String key) {
        return list(parent, key).stream().map(String.class::cast).toList();
    }

    /** A list of parts of a document in YAML; empty when it is not there. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(Map<String, Object> parent, String key) {
        return (List<Map<String, Object>>) list(parent, key);
    }

    private static List<?> list(Map<String, Object> parent, String key) {
        Object value = parent.get(key);
        return value == null ? List.of() : (List<?>) value;
    }
}
