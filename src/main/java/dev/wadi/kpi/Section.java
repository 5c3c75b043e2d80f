package dev.wadi.kpi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A YAML mapping whose entries remember their lines. What is not as it should be goes to {@link Mistakes}. */
final class Section {
    /** A scalar as text, whatever YAML takes it for: {@code no} stays {@code no}. */
    record Text(String value, int line) {}

    private final Path file;
    private final int line;
    private final Mistakes mistakes;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    /** @param allowed the keys there may be; empty when any may */
    Section(Path file, MappingNode node, Set<String> allowed, Mistakes mistakes) {
        this.file = file;
        this.line = lineOf(node);
        this.mistakes = mistakes;
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                mistake(lineOf(tuple.getKeyNode()), "a key is not a plain word", "Write name: value");
                continue;
            }
            String name = key.getValue();
            if (values.containsKey(name)) {
                mistake(lineOf(key), "'%s' is written twice".formatted(name), "Keep one of them");
            } else if (!allowed.isEmpty() && !allowed.contains(name)) {
                mistake(lineOf(key), "unknown key '%s'".formatted(name), "Use only " + String.join(", ", allowed));
            }
            values.put(name, tuple.getValueNode());
            lines.put(name, lineOf(key));
        }
    }

    static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    Set<String> keys() {
        return values.keySet();
    }

    /** The line of a key, or of the section when it is not there. */
    int line(String key) {
        return lines.getOrDefault(key, line);
    }

    Optional<Node> node(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** @param example what to write when it is missing */
    Optional<Text> required(String key, String example) {
        if (!values.containsKey(key)) {
            mistake(line, "'%s' is missing".formatted(key), "Write %s: %s".formatted(key, example));
            return Optional.empty();
        }
        return optional(key, example);
    }

    Optional<Text> optional(String key, String example) {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return Optional.of(new Text(scalar.getValue().strip(), lineOf(scalar)));
        }
        mistake(lineOf(node), "'%s' has no text".formatted(key), "Write %s: %s".formatted(key, example));
        return Optional.empty();
    }

    List<Text> list(String key, String example) {
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        List<Text> texts = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                if (item instanceof ScalarNode scalar) {
                    texts.add(new Text(scalar.getValue(), lineOf(scalar)));
                } else {
                    mistake(lineOf(item), "an item of '%s' is not a word".formatted(key), example(key, example));
                }
            }
        } else {
            mistake(lineOf(node), "'%s' is not a list".formatted(key), example(key, example));
        }
        return texts;
    }

    void mistake(int line, String problem, String cure) {
        mistakes.add(file, line, problem, cure);
    }

    private static String example(String key, String example) {
        return "Write %s: [%s]".formatted(key, example);
    }
}
