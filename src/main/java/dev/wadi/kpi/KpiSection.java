package dev.wadi.kpi;

import dev.wadi.yaml.Section;
import dev.wadi.yaml.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A mapping in a KPI definition, read with an example at hand of what to write instead. */
final class KpiSection {
    /** A scalar as text, whatever YAML takes it for: {@code no} stays {@code no}. */
    record Text(String value, int line) {}

    private final Section section;

    /** @param allowed the keys there may be; empty when any may */
    KpiSection(Section section, Set<String> allowed) {
        this.section = section;
        for (String key : section.keys()) {
            if (!allowed.isEmpty() && !allowed.contains(key)) {
                mistake(line(key), "unknown key '%s'".formatted(key), "Use only " + String.join(", ", allowed));
            }
        }
    }

    /** A mapping further in. */
    KpiSection in(MappingNode node, Set<String> allowed) {
        return new KpiSection(new Section(section.file(), node, section.what()), allowed);
    }

    Path file() {
        return section.file().path();
    }

    Set<String> keys() {
        return section.keys();
    }

    /** The line of a key, or of the section when it is not there. */
    int line(String key) {
        return section.line(key);
    }

    Optional<Node> node(String key) {
        return Optional.ofNullable(section.node(key));
    }

    /** @param example what to write when it is missing */
    Optional<Text> required(String key, String example) {
        if (!section.has(key)) {
            mistake(section.line(), "'%s' is missing".formatted(key), "Write %s: %s".formatted(key, example));
            return Optional.empty();
        }
        return optional(key, example);
    }

    Optional<Text> optional(String key, String example) {
        Node node = section.node(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return Optional.of(new Text(scalar.getValue().strip(), YamlFile.line(scalar)));
        }
        mistake(YamlFile.line(node), "'%s' has no text".formatted(key), "Write %s: %s".formatted(key, example));
        return Optional.empty();
    }

    /** The mapping under {@code key}; empty when absent or after a mistake. */
    Optional<KpiSection> mapping(String key, Set<String> allowed, String example) {
        Node node = section.node(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof MappingNode mapping) {
            return Optional.of(in(mapping, allowed));
        }
        mistake(YamlFile.line(node), "'%s' is no mapping".formatted(key), "Write %s: {%s}".formatted(key, example));
        return Optional.empty();
    }

    /** The mappings in the list under {@code key}. */
    List<KpiSection> mappings(String key, Set<String> allowed, String example) {
        Node node = section.node(key);
        if (node == null) {
            return List.of();
        }
        List<KpiSection> mappings = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                if (item instanceof MappingNode mapping) {
                    mappings.add(in(mapping, allowed));
                } else {
                    mistake(
                            YamlFile.line(item),
                            "an item of '%s' is no mapping".formatted(key),
                            "Write - {%s}".formatted(example));
                }
            }
        } else {
            mistake(
                    YamlFile.line(node),
                    "'%s' is not a list".formatted(key),
                    "Write - {%s}, a line each".formatted(example));
        }
        return mappings;
    }

    /** A whole number; empty when absent or after a mistake. */
    Optional<Integer> number(String key, int least, int most) {
        return optional(key, Integer.toString(least)).flatMap(text -> {
            try {
                int number = Integer.parseInt(text.value());
                if (number >= least && number <= most) {
                    return Optional.of(number);
                }
            } catch (NumberFormatException e) {
                // said below
            }
            mistake(
                    text.line(),
                    "'%s' is %s".formatted(key, text.value()),
                    "Write a whole number from %d to %d".formatted(least, most));
            return Optional.empty();
        });
    }

    /** The line where the section begins. */
    int line() {
        return section.line();
    }

    List<Text> list(String key, String example) {
        Node node = section.node(key);
        if (node == null) {
            return List.of();
        }
        List<Text> texts = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                if (item instanceof ScalarNode scalar) {
                    texts.add(new Text(scalar.getValue(), YamlFile.line(scalar)));
                } else {
                    mistake(YamlFile.line(item), "an item of '%s' is not a word".formatted(key), example(key, example));
                }
            }
        } else {
            mistake(YamlFile.line(node), "'%s' is not a list".formatted(key), example(key, example));
        }
        return texts;
    }

    /**
     * @param problem without a full stop
     * @param cure what to write, without a full stop
     */
    void mistake(int line, String problem, String cure) {
        section.file().mistake(line, "%s. %s.".formatted(problem, cure));
    }

    private static String example(String key, String example) {
        return "Write %s: [%s]".formatted(key, example);
    }
}
