package dev.wadi.cli;

import dev.wadi.local.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.Yaml;

/** The answer to {@code --help}. */
final class Help {
    private Help() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        text.append("""
                Wadi, an event lakehouse in one process.

                  ./wadi             start, with all it needs
                  ./wadi --help      print this
                  ./wadi --version   print the version
                  ./wadi COMMAND     check what you wrote, tend a table, or make data, also beside a server that runs:

                """)
                .append(RouteWords.help())
                .append(TableWords.help())
                .append(RebuildWords.help())
                .append(DataWords.help())
                .append("""
                  sql STATEMENT                         run it in the database that routes read (JDBC_URL, or the embedded one)

                Settings, by environment variable (or -Dwadi.http.port=8081 before -jar):

                """);
        Map<?, ?> defaults = defaults();
        for (Setting setting : Setting.values()) {
            String value = value(defaults, setting.key());
            text.append(String.format(
                    Locale.ROOT,
                    "  %-20s  %s (%s)%n",
                    setting.variable(),
                    setting.meaning(),
                    value.isEmpty() ? "unset" : value));
        }
        return text.append("\nMore: docs/how-to-run.md and docs/reference/configuration.md")
                .toString();
    }

    private static Map<?, ?> defaults() {
        try (InputStream yaml = Objects.requireNonNull(Help.class.getResourceAsStream("/application.yml"))) {
            return new Yaml().load(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text under a key with dots, with the one placeholder that a default contains in the words of this page. */
    private static String value(Map<?, ?> tree, String key) {
        Object node = tree;
        for (String step : key.split("\\.", -1)) {
            if (!(node instanceof Map<?, ?> map) || !map.containsKey(step)) {
                return "";
            }
            node = map.get(step);
        }
        return String.valueOf(node).replace("${wadi.data-dir}", Setting.DATA_DIR.variable());
    }
}
