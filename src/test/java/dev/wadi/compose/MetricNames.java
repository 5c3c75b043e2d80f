package dev.wadi.compose;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of metrics in the query language of Prometheus, and in what an app exposes to it. */
final class MetricNames {
    /** What stands between names: texts, label matchers, durations, and the labels of a grouping. */
    private static final Pattern NO_NAMES = Pattern.compile(
            "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    /** A word that is neither a function, nor a number, nor a part of one. */
    private static final Pattern NAME = Pattern.compile("(?<![\\w.])[a-zA-Z_:][a-zA-Z0-9_:]*\\b(?!\\s*\\()");

    private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");
    private static final Pattern EXPOSED = Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)[{ ]", Pattern.MULTILINE);

    private MetricNames() {}

    static Set<String> asked(String query) {
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(NO_NAMES.matcher(query).replaceAll(" "));
        while (name.find()) {
            if (!KEYWORDS.contains(name.group())) {
                names.add(name.group());
            }
        }
        return names;
    }

    /** @param text as an app answers a scrape */
    static Set<String> exposed(String text) {
        Set<String> names = new TreeSet<>();
        Matcher name = EXPOSED.matcher(text);
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }
}
