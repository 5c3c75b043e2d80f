package dev.wadi.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.table.Commit;
import java.util.Collection;
import java.util.List;

/**
 * The route by which events came to a table. A commit says which there were, under {@link #PARAMETER}.
 *
 * @param door the source of its events, as their rows have it
 * @param route its id
 * @param version of what is written about it: another one when that means something else
 */
public record Via(String door, String route, String version) {
    /** Of a commit. */
    static final String PARAMETER = "routes";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Via>> LIST = new TypeReference<>() {};

    static String json(Collection<Via> routes) {
        try {
            return JSON.writeValueAsString(routes);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists of text are always JSON", e);
        }
    }

    /** The routes that a commit names; none when it is of something else, or was made before routes were named. */
    public static List<Via> of(Commit commit) {
        String json = commit.parameters().get(PARAMETER);
        try {
            return json == null ? List.of() : JSON.readValue(json, LIST);
        } catch (JsonProcessingException e) {
            return List.of(); // another writer's word
        }
    }
}
