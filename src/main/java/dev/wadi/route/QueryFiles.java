package dev.wadi.route;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.util.URISupport;

/** Finds the SQL file that {@code delta:table?query=file.sql} names. */
final class QueryFiles {
    private static final String QUERY = "query";

    private QueryFiles() {}

    /**
     * The endpoint with its query as an absolute path and the name of its text; other endpoints as they are.
     *
     * @param keep keeps the text of a query file and names it
     * @throws RouteException when the file is not there, or is outside {@code root}
     */
    static String resolve(Path root, Path routeFile, int line, String uri, Function<Path, String> keep) {
        int question = uri.indexOf('?');
        if (!uri.startsWith("delta:") || question < 0) {
            return uri;
        }
        try {
            Map<String, Object> parameters = URISupport.parseQuery(uri.substring(question + 1));
            Object query = parameters.get(QUERY);
            if (query == null) {
                return uri;
            }
            Path file = find(root, routeFile, line, query.toString());
            parameters.put(QUERY, file.toString());
            parameters.put(DeltaComponent.QUERY_TEXT, keep.apply(file));
            return uri.substring(0, question + 1) + URISupport.createQueryString(parameters);
        } catch (URISyntaxException e) {
            throw new RouteException(line, "%s is not an endpoint: %s".formatted(uri, e.getReason()), e);
        }
    }

    private static Path find(Path root, Path routeFile, int line, String query) {
        try {
            Path folder = root.toRealPath();
            Path wanted = routeFile.toRealPath().resolveSibling(query).normalize();
            if (!wanted.startsWith(folder)) {
                throw outside(root, line, query);
            }
            if (!Files.isRegularFile(wanted)) {
                throw new RouteException(
                        line,
                        "query=%s: there is no file %s: write it, or correct the name"
                                .formatted(
                                        query, routeFile.resolveSibling(query).normalize()),
                        null);
            }
            Path real = wanted.toRealPath();
            if (!real.startsWith(folder)) {
                throw outside(root, line, query);
            }
            return real;
        } catch (InvalidPathException | IOException e) {
            throw new RouteException(line, "query=%s cannot be read: %s".formatted(query, RouteException.text(e)), e);
        }
    }

    private static RouteException outside(Path root, int line, String query) {
        return new RouteException(
                line,
                "query=%s leads out of %s: write the name of a .sql file beside the route file".formatted(query, root),
                null);
    }
}
