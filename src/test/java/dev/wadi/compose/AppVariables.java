package dev.wadi.compose;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment variables that the app reads, from its reference, which is held against the code by a test of its own. */
public final class AppVariables {
    private static final Path REFERENCE = Path.of("docs/reference/configuration.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `([A-Z_]+)` \\| `[a-z.-]+` \\| (?:unset|`([^`]*)`) \\|", Pattern.MULTILINE);

    private AppVariables() {}

    /** With their defaults; empty for none. */
    public static Map<String, String> all() {
        Map<String, String> variables = new TreeMap<>();
        Matcher row = ROW.matcher(ComposeFile.text(REFERENCE));
        while (row.find()) {
            variables.put(row.group(1), Objects.requireNonNullElse(row.group(2), ""));
        }
        return variables;
    }
}
