package dev.wadi.kpi;

/** Texts in CSV (RFC 4180). */
public final class CsvField {
    private CsvField() {}

    /** The text in quotes where it needs them: an empty one does, so that it is not taken for no value. */
    public static String of(String text) {
        boolean plain = !text.isEmpty()
                && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                && text.equals(text.strip());
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
