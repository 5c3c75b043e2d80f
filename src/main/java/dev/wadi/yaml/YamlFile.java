package dev.wadi.yaml;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** A YAML file taken apart into nodes, which know their lines; objects would have forgotten them. */
public final class YamlFile {
    private final Path path;
    private final Mistakes mistakes;

    public YamlFile(Path path, Mistakes mistakes) {
        this.path = path;
        this.mistakes = mistakes;
    }

    public Path path() {
        return path;
    }

    public void mistake(int line, String text) {
        mistakes.add(path, line, text);
    }

    public void mistake(Node node, String text) {
        mistake(line(node), text);
    }

    public static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /**
     * The mapping that the file consists of; null after a mistake.
     *
     * @param what names the mapping in messages: {@code a contract}
     * @param first the line that such a file may start with
     */
    @Nullable
    public Section root(String what, String first) {
        String text = text();
        if (text == null) {
            return null;
        }
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            if (root instanceof MappingNode mapping) {
                return new Section(this, mapping, what);
            }
            mistake(
                    root == null ? 1 : line(root),
                    "%s is expected here, as lines of 'key: value'. Start with '%s'.".formatted(what, first));
        } catch (MarkedYAMLException e) {
            String problem = e.getProblem() == null ? "the text ends too early" : e.getProblem();
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            String context = e.getContext() == null ? "" : " (%s)".formatted(e.getContext());
            mistake(
                    line,
                    "not YAML: %s%s. Check indentation, quotes and brackets here and above."
                            .formatted(problem, context));
        } catch (ReaderException e) {
            int line = 1
                    + (int) text.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            mistake(line, "the character U+%04X is not allowed in YAML. Remove it.".formatted(e.getCodePoint()));
        } catch (YAMLException e) {
            mistake(1, "not YAML that can be read: %s. Make the file simpler.".formatted(e.getMessage()));
        }
        return null;
    }

    private @Nullable String text() {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
            CharBuffer text = CharBuffer.allocate(bytes.remaining());
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
            CoderResult result = decoder.decode(bytes, text, true);
            if (result.isError()) {
                int line = 1 + (int) text.flip().chars().filter(c -> c == '\n').count();
                mistake(line, "not UTF-8. Save the file as UTF-8.");
                return null;
            }
            return text.flip().toString();
        } catch (IOException e) {
            mistake(0, "cannot be read: %s. Check that it exists and its permissions.".formatted(e));
            return null;
        }
    }
}
