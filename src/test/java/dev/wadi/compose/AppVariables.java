package dev.wadi.compose;

import dev.wadi.local.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The environment variables that the app and the shipped routes read, found in their sources. */
final class AppVariables {
    private static final String KEY = "((?:wadi|rabbitmq|jdbc|kafka|schema|azure)\\.[a-z.-]+)";
    private static final Pattern INJECTED = Pattern.compile("@(?:Property\\(name = \"|Value\\(\\s*\"\\$\\{)" + KEY);
    private static final Pattern RECORD =
            Pattern.compile("@ConfigurationProperties\\(\"([a-z.-]+)\"\\).*?\\) \\{", Pattern.DOTALL);
    private static final Pattern COMPONENT = Pattern.compile("@Bindable\\([^)]*\\) [\\w<>]+ (\\w+)");
    private static final Pattern IN_A_ROUTE = Pattern.compile("\\{\\{" + KEY);
    /** Told by the app to its routes, not by a person. */
    private static final Set<String> INNER = Set.of("wadi.kafka.enabled", "wadi.blob.enabled");

    private AppVariables() {}

    static Set<String> all() {
        Set<String> keys = new TreeSet<>();
        for (Setting setting : Setting.values()) {
            keys.add(setting.key());
        }
        for (String source : sources(Path.of("src/main/java"), ".java")) {
            find(INJECTED, source, keys);
            Matcher record = RECORD.matcher(source);
            if (record.find()) {
                Matcher component = COMPONENT.matcher(record.group());
                while (component.find()) {
                    keys.add(record.group(1) + "." + hyphens(component.group(1)));
                }
            }
        }
        for (String route : sources(Path.of("routes"), ".yaml")) {
            find(IN_A_ROUTE, route, keys);
        }
        keys.removeAll(INNER);
        Set<String> variables = new TreeSet<>();
        keys.forEach(
                key -> variables.add(key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT)));
        return variables;
    }

    private static void find(Pattern pattern, String text, Set<String> keys) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            keys.add(matcher.group(1));
        }
    }

    private static String hyphens(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static List<String> sources(Path folder, String end) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end))
                    .map(ComposeFile::text)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
