package dev.wadi.infer;

/** Texts of a sample, as YAML and JSON write them. */
final class Quoted {
    private Quoted() {}

    static String json(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A scalar: in quotes when it is more than letters, digits and '_', or a word that YAML takes for something else. */
    static String yaml(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_]*") && !text.matches("(?i)true|false|yes|no|on|off|null|y|n")
                ? text
                : json(text);
    }
}
