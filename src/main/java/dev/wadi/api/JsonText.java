package dev.wadi.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents of maps, lists and the values of rows as JSON: numbers with every digit, times as ISO 8601, every member there. */
final class JsonText {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
            .build();

    private JsonText() {}

    static byte[] write(Map<String, @Nullable Object> document) {
        try {
            return JSON.writeValueAsBytes(plain(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps, lists, texts and numbers are always JSON", e);
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((name, member) -> plain.put(String.valueOf(name), plain(member)));
                yield plain;
            }
            case List<?> list -> {
                List<@Nullable Object> plain = new ArrayList<>();
                list.forEach(item -> plain.add(plain(item)));
                yield plain;
            }
            case Double number -> Double.isFinite(number) ? number : null;
            case Float number -> Float.isFinite(number) ? number : null;
            case Number number -> number;
            case Boolean truth -> truth;
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case Enum<?> word -> word.name().toLowerCase(java.util.Locale.ROOT);
            default -> value.toString();
        };
    }
}
