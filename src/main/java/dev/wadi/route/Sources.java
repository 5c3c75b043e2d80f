package dev.wadi.route;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the routes that fetch (and are not sent to) have to complain of their sources. */
@Singleton
public final class Sources {
    private final Map<String, Supplier<@Nullable String>> problems = new ConcurrentHashMap<>();

    /** @param problem what is wrong now; null when nothing is */
    public void opened(String routeId, Supplier<@Nullable String> problem) {
        problems.put(routeId, problem);
    }

    public void closed(String routeId) {
        problems.remove(routeId);
    }

    /** By route; empty text when nothing is wrong. */
    Map<String, String> problems() {
        Map<String, String> now = new TreeMap<>();
        problems.forEach((route, problem) -> {
            String text = problem.get();
            now.put(route, text == null ? "" : text);
        });
        return now;
    }
}
