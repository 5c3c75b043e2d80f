package dev.wadi.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** A file of the jar as an answer. */
final class Asset {
    /** Nothing from elsewhere is loaded or asked. Swagger UI styles its parts inline and draws with data: images. */
    private static final String POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

    private Asset() {}

    static HttpResponse<byte[]> page(String path) {
        return HttpResponse.ok(read(path))
                .contentType(MediaType.TEXT_HTML + "; charset=utf-8")
                .header("Content-Security-Policy", POLICY)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    /** The type follows from the end of the name. */
    static HttpResponse<byte[]> file(String path) {
        MediaType type = MediaType.forFilename(path);
        return HttpResponse.ok(read(path)).contentType(type).header(HttpHeaders.CACHE_CONTROL, "max-age=3600");
    }

    private static byte[] read(String path) {
        try (InputStream file = Asset.class.getResourceAsStream(path)) {
            return Objects.requireNonNull(file, () -> path + " is not in the jar")
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read from the jar", e);
        }
    }
}
