package dev.wadi.contract;

import dev.wadi.yaml.Section;
import dev.wadi.yaml.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code quality} of a table and its columns. Only rules of {@code type: custom} and {@code engine: wadi} are
 * Wadi's; the others are documentation, or work for other tools.
 */
final class RuleReader {
    private static final String ENGINE = "wadi";
    private static final Set<String> KINDS = Set.of("text", "library", "sql", "custom");
    private static final Set<String> KEYS = Set.of(
            "id",
            "authoritativeDefinitions",
            "businessImpact",
            "customProperties",
            "description",
            "dimension",
            "method",
            "name",
            "schedule",
            "scheduler",
            "severity",
            "tags",
            "type",
            "unit",
            "engine",
            "implementation");
    private static final Map<String, Rule.Severity> SEVERITIES = severities();

    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();

    /** Adds the rules of a table or a column. */
    void read(Section owner) {
        for (Section item : ours(owner)) {
            rule(item);
        }
    }

    /** Tells the rules of a place where Wadi applies none. */
    static void refuse(Section owner) {
        for (Section item : ours(owner)) {
            item.mistake(
                    item.line(),
                    "rules are about rows. Move it to the 'quality' of the table, and name the columns there.");
        }
    }

    List<Rule> rules() {
        return rules;
    }

    private static List<Section> ours(Section owner) {
        List<Section> ours = new ArrayList<>();
        for (Section item : owner.sections("quality", owner.what() + ", a rule")) {
            String type = item.has("type") ? item.text("type") : "library";
            if (type != null && !KINDS.contains(type)) {
                item.mistake("type", "'%s' is not known. %s".formatted(type, Spelling.cure(type, KINDS)));
            } else if ("custom".equals(type)) {
                String engine = item.requiredText("engine", "Write 'engine: wadi'.");
                if (ENGINE.equals(engine)) {
                    ours.add(item);
                } else if (engine != null && Spelling.nearest(engine, Set.of(ENGINE)) != null) {
                    item.mistake("engine", "'%s' is not known. Write 'engine: wadi'.".formatted(engine));
                }
            } else if (type != null && item.has("engine") && ENGINE.equals(item.text("engine"))) {
                item.mistake("type", "Wadi's rules are of the type custom. Write 'type: custom'.");
            }
        }
        return ours;
    }

    private void rule(Section item) {
        String name = item.requiredText("name", "Write 'name: ' and what the rule is called when a row breaks it.");
        Section section = name == null ? item : item.named("rule '%s'".formatted(name));
        section.allow(KEYS);
        String condition = section.requiredText(
                "implementation", "Write the SQL condition that a row meets, such as 'implementation: amount >= 0'.");
        Rule.Severity severity = severity(section);
        Integer first = name == null ? null : lines.putIfAbsent(name, item.line("name"));
        if (first != null) {
            section.mistake("name", "there is a rule of that name already, in line %d. Rename one.".formatted(first));
        }
        if (name != null && condition != null) {
            rules.add(new Rule(name, condition, severity));
        }
    }

    private static Rule.Severity severity(Section section) {
        String text = section.has("severity") ? section.text("severity") : "error";
        Rule.@Nullable Severity severity = text == null ? Rule.Severity.ERROR : SEVERITIES.get(text);
        if (severity == null) {
            section.mistake(
                    "severity",
                    "'%s' is not known. Write warning (keep and count), error (to quarantine) or fatal (refuse the batch)."
                            .formatted(text));
            return Rule.Severity.ERROR;
        }
        return severity;
    }

    private static Map<String, Rule.Severity> severities() {
        Map<String, Rule.Severity> severities = new TreeMap<>();
        for (Rule.Severity severity : Rule.Severity.values()) {
            severities.put(severity.name().toLowerCase(Locale.ROOT), severity);
        }
        return severities;
    }
}
