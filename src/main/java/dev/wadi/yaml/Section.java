package dev.wadi.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping in a YAML file. Asking for a key of another type than it has is a mistake of the file: it is noted with its
 * line, and the answer is as if the key were absent.
 */
public final class Section {
    private final YamlFile file;
    private final MappingNode node;
    private final String what;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    /** @param what names the section in messages: {@code column 'event_id'} */
    public Section(YamlFile file, MappingNode node, String what) {
        this.file = file;
        this.node = node;
        this.what = what;
        for (NodeTuple tuple : node.getValue()) {
            int line = YamlFile.line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                file.mistake(line, "%s: a key must be a word.".formatted(what));
                continue;
            }
            Integer first = lines.putIfAbsent(key.getValue(), line);
            if (first != null) {
                file.mistake(
                        line,
                        "%s: the key '%s' is there already, in line %d. Keep one of them."
                                .formatted(what, key.getValue(), first));
                continue;
            }
            values.put(key.getValue(), tuple.getValueNode());
        }
    }

    private Section(Section section, String what) {
        this.file = section.file;
        this.node = section.node;
        this.what = what;
        this.values.putAll(section.values);
        this.lines.putAll(section.lines);
    }

    /** The same section under a name that was found in it. */
    public Section named(String newWhat) {
        return new Section(this, newWhat);
    }

    /** The file it stands in; mistakes that are told there are told without the name of the section. */
    public YamlFile file() {
        return file;
    }

    public String what() {
        return what;
    }

    public int line() {
        return YamlFile.line(node);
    }

    /** The line of {@code key}, or of the section when there is no such key. */
    public int line(String key) {
        return lines.getOrDefault(key, line());
    }

    public Set<String> keys() {
        return values.keySet();
    }

    /** What stands at {@code key}, of whatever type; null when absent. */
    public @Nullable Node node(String key) {
        return values.get(key);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Whether the value of {@code key} is a list. */
    public boolean isList(String key) {
        return values.get(key) instanceof SequenceNode;
    }

    public void mistake(int line, String problemAndCure) {
        file.mistake(line, what + ": " + problemAndCure);
    }

    public void mistake(String key, String problemAndCure) {
        mistake(line(key), problemAndCure);
    }

    public void allow(Set<String> known) {
        lines.forEach((key, line) -> {
            if (!known.contains(key)) {
                mistake(line, "unknown key '%s'. %s".formatted(key, Spelling.cure(key, known)));
            }
        });
    }

    @Nullable
    public String text(String key) {
        Node value = values.get(key);
        if (value == null) {
            return null;
        }
        if (!(value instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            mistake(key, "'%s' must be text. Write '%s: some text'.".formatted(key, key));
            return null;
        }
        if (!isText(scalar)) {
            mistake(
                    key,
                    "'%s' must be text, but YAML reads %s as another type. Write '%s: \"%s\"'."
                            .formatted(key, scalar.getValue(), key, scalar.getValue()));
            return null;
        }
        if (scalar.getValue().isBlank()) {
            mistake(key, "'%s' is empty. Write a text.".formatted(key));
            return null;
        }
        return scalar.getValue().strip();
    }

    /** Like {@link #text}, but its absence is a mistake too, with {@code cure} as the sentence that says what to do. */
    @Nullable
    public String requiredText(String key, String cure) {
        if (!has(key)) {
            mistake(line(), "'%s' is missing. %s".formatted(key, cure));
            return null;
        }
        return text(key);
    }

    /** The line is that of {@code key}. */
    public boolean flag(String key, boolean absent) {
        Node value = values.get(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            return scalar.getValue().equalsIgnoreCase("true")
                    || scalar.getValue().equalsIgnoreCase("yes")
                    || scalar.getValue().equalsIgnoreCase("on");
        }
        mistake(key, "'%s' must be true or false.".formatted(key));
        return absent;
    }

    @Nullable
    public Double number(String key) {
        Node value = values.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof ScalarNode scalar
                && (scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT))) {
            try {
                double number = Double.parseDouble(scalar.getValue().replace("_", ""));
                if (Double.isFinite(number)) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // octal, sexagesimal and .inf are numbers to YAML and not to us: told below
            }
        }
        mistake(key, "'%s' must be a number, such as 0 or 99.5.".formatted(key));
        return null;
    }

    /** Texts of a list of plain values; null when absent or after a mistake. */
    @Nullable
    public List<String> texts(String key, boolean numbersToo) {
        Node value = values.get(key);
        if (value == null) {
            return null;
        }
        if (!(value instanceof SequenceNode sequence)) {
            String example = value instanceof ScalarNode scalar ? scalar.getValue() : "a, b";
            mistake(key, "'%s' must be a list. Write '%s: [%s]'.".formatted(key, key, example));
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (!(item instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
                mistake(YamlFile.line(item), "'%s' must hold plain values only.".formatted(key));
            } else if (!isText(scalar) && !(numbersToo && isNumber(scalar))) {
                mistake(
                        YamlFile.line(item),
                        "'%s' holds %s, which YAML does not read as text. Write \"%s\"."
                                .formatted(key, scalar.getValue(), scalar.getValue()));
            } else {
                texts.add(scalar.getValue());
            }
        }
        return texts;
    }

    /** The mappings in the list {@code key}; empty when absent or after a mistake. */
    public List<Section> sections(String key, String itemWhat) {
        Node value = values.get(key);
        List<Section> sections = new ArrayList<>();
        if (value == null) {
            return sections;
        }
        if (!(value instanceof SequenceNode sequence)) {
            mistake(key, "'%s' must be a list. Start each item with '- '.".formatted(key));
            return sections;
        }
        for (Node item : sequence.getValue()) {
            if (item instanceof MappingNode mapping) {
                sections.add(new Section(file, mapping, itemWhat));
            } else {
                mistake(YamlFile.line(item), "an item of '%s' must be 'key: value' lines.".formatted(key));
            }
        }
        return sections;
    }

    /** The mapping under {@code key}; null when absent or after a mistake. */
    @Nullable
    public Section section(String key, String sectionWhat) {
        Node value = values.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof MappingNode mapping) {
            return new Section(file, mapping, sectionWhat);
        }
        mistake(key, "'%s' must hold 'key: value' lines.".formatted(key));
        return null;
    }

    private static boolean isText(ScalarNode scalar) {
        // an unquoted date such as 2026-01-31 is a TIMESTAMP to YAML; as text it is what was written
        return scalar.getTag().equals(Tag.STR) || scalar.getTag().equals(Tag.TIMESTAMP);
    }

    private static boolean isNumber(ScalarNode scalar) {
        return scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT);
    }
}
