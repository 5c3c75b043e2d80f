package dev.wadi.file;

import dev.wadi.event.FlatFormat;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How the files of a route are written.
 *
 * @param kind null when the name of a file tells
 * @param delimiter between the values of CSV; null when the header tells
 * @param charset of CSV
 * @param nullText a value of CSV that means null, such as {@code NULL}; null when only a value that is empty and not quoted
 *     does
 * @param flat how values are written, in files without JSON
 */
public record FileFormat(
        @Nullable FileKind kind,
        @Nullable Character delimiter,
        Charset charset,
        @Nullable String nullText,
        FlatFormat flat) {
    /** Nothing is set: the name of a file tells its kind and the header its delimiter. */
    public static final FileFormat ANY = new FileFormat(null, null, StandardCharsets.UTF_8, null, FlatFormat.ISO);
}
