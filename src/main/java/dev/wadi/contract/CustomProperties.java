package dev.wadi.contract;

import dev.wadi.yaml.Section;
import dev.wadi.yaml.Spelling;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a contract says beyond the standard: the list {@code customProperties} that a section of it may have. */
final class CustomProperties {
    private CustomProperties() {}

    /**
     * The {@code customProperties} of a section by the name of each, those that are not {@code known} told as
     * mistakes. The value of a property is the key {@code value} of its section.
     */
    static Map<String, Section> of(Section section, Set<String> known) {
        Map<String, Section> found = new LinkedHashMap<>();
        for (Section item : section.sections("customProperties", section.what() + ", custom property")) {
            item.allow(Set.of("id", "property", "value", "description"));
            String name = item.requiredText("property", "Write 'property: name'.");
            if (name == null) {
                continue;
            }
            Section property = item.named("%s, custom property '%s'".formatted(section.what(), name));
            if (!known.contains(name)) {
                section.mistake(
                        item.line("property"),
                        known.isEmpty()
                                ? "unknown custom property '%s'. None is known here: remove it.".formatted(name)
                                : "unknown custom property '%s'. %s".formatted(name, Spelling.cure(name, known)));
            } else if (!property.has("value")) {
                property.mistake(property.line(), "'value' is missing.");
            } else if (found.putIfAbsent(name, property) != null) {
                section.mistake(
                        item.line("property"), "the custom property '%s' is there twice. Keep one.".formatted(name));
            }
        }
        return found;
    }
}
