package dev.wadi.route;

import dev.wadi.yaml.Mistakes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The text of one {@code *.camel.yaml}, cut into the items of its list: routes, and what all routes of the file share
 * ({@code beans}, {@code onException} and the like).
 */
final class RouteFile {
    private static final String ROUTE = "route";
    private static final String BEANS = "beans";
    /** What a file may hold beside routes. The rest of the DSL makes routes without an id of their own, or reaches into other files. */
    private static final Set<String> SHARED = Set.of(
            BEANS,
            "onException",
            "on-exception",
            "onCompletion",
            "on-completion",
            "errorHandler",
            "error-handler",
            "intercept",
            "interceptFrom",
            "intercept-from",
            "interceptSendToEndpoint",
            "intercept-send-to-endpoint",
            "dataFormats");

    private static final Pattern DASH = Pattern.compile("\\s*-(\\s.*)?");
    private static final Pattern COMMENT = Pattern.compile("\\s*#\\s?(.*)");

    private final Path path;
    private final List<String> lines;
    private final List<Item> items = new ArrayList<>();

    /**
     * An item of the list.
     *
     * @param id of a route; empty for what is shared
     * @param first its first line, from 0
     * @param end the line behind its last one
     * @param content the same for two texts that mean the same to Camel
     * @param purpose what its description says, else the comment above it
     */
    record Item(String kind, String id, int first, int end, String content, String purpose) {
        boolean route() {
            return kind.equals(ROUTE);
        }

        boolean beans() {
            return kind.equals(BEANS);
        }

        /** As editors count. */
        int line() {
            return first + 1;
        }
    }

    private RouteFile(Path path, String text) {
        this.path = path;
        this.lines = text.lines().toList();
    }

    /** Reads what it can; the items with a mistake are left out. */
    static RouteFile read(Path path, String text, Mistakes mistakes) {
        RouteFile file = new RouteFile(path, text);
        if (text.isBlank()) {
            mistakes.add(path, 0, "the file is empty: write its routes, or delete it");
            return file;
        }
        try {
            new Compose(LoadSettings.builder().setLabel(path.toString()).build())
                    .composeString(text)
                    .ifPresent(root -> file.cut(root, mistakes));
        } catch (YamlEngineException e) {
            RouteMistake mistake = RouteMistake.of(e);
            mistakes.add(path, mistake.line(), mistake.problem());
        }
        return file;
    }

    Path path() {
        return path;
    }

    List<Item> routes() {
        return items.stream().filter(Item::route).toList();
    }

    /** What makes all routes of the file what they are. */
    String shared() {
        return items.stream().filter(item -> !item.route()).map(Item::content).collect(Collectors.joining("\n"));
    }

    /** The file with the other items blanked out, so that lines keep their numbers. */
    String with(Predicate<Item> wanted) {
        Set<Integer> out = new LinkedHashSet<>();
        for (Item item : items) {
            if (!wanted.test(item)) {
                for (int line = item.first(); line < item.end(); line++) {
                    out.add(line);
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < lines.size(); line++) {
            text.append(out.contains(line) ? "" : lines.get(line)).append('\n');
        }
        return text.toString();
    }

    /** The line of an item in which a text stands first, as editors count; {@code otherwise} when it is in none. */
    int lineOf(Item item, String text, int otherwise) {
        for (int line = item.first(); line < item.end(); line++) {
            if (lines.get(line).contains(text)) {
                return line + 1;
            }
        }
        return otherwise;
    }

    private void cut(Node root, Mistakes mistakes) {
        if (!(root instanceof SequenceNode list) || list.getFlowStyle() == FlowStyle.FLOW) {
            mistakes.add(path, 1, "this is no list of routes: begin each with `- route:` in a line of its own");
            return;
        }
        List<Node> nodes = list.getValue();
        int[] firsts = new int[nodes.size()];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = dash(line(nodes.get(i)), i == 0 ? 0 : firsts[i - 1] + 1);
        }
        for (int i = 0; i < firsts.length; i++) {
            item(nodes.get(i), firsts[i], i + 1 < firsts.length ? firsts[i + 1] : lines.size(), mistakes);
        }
    }

    private void item(Node node, int first, int end, Mistakes mistakes) {
        NodeTuple only =
                node instanceof MappingNode mapping && mapping.getValue().size() == 1
                        ? mapping.getValue().getFirst()
                        : null;
        String kind = only == null ? "" : text(only.getKeyNode());
        if (kind.equals("from")) {
            mistakes.add(path, first + 1, NO_ID);
        } else if (only == null || !(kind.equals(ROUTE) || SHARED.contains(kind))) {
            mistakes.add(
                    path,
                    first + 1,
                    "'%s' cannot stand in a route file: begin each route with `- route:`; all that may stand beside is beans, onException, onCompletion, errorHandler, intercept, interceptFrom and interceptSendToEndpoint"
                            .formatted(kind));
        } else if (!kind.equals(ROUTE)) {
            items.add(new Item(kind, "", first, end, content(node), ""));
        } else {
            String id = value(only.getValueNode(), "id");
            if (id.isEmpty()) {
                mistakes.add(path, first + 1, NO_ID);
            } else {
                String description = value(only.getValueNode(), "description");
                items.add(new Item(
                        kind, id, first, end, content(node), description.isEmpty() ? comment(first) : description));
            }
        }
    }

    private static final String NO_ID =
            "a route has no id, and what a transform has read is remembered under it: write `- route:` with `id: verb-noun`, such as id: land-bookings";

    /** The line of the dash that a node stands behind. */
    private int dash(int line, int least) {
        for (int at = Math.min(line, lines.size() - 1); at >= least; at--) {
            if (DASH.matcher(lines.get(at)).matches()) {
                return at;
            }
        }
        return line;
    }

    private String comment(int first) {
        List<String> comment = new ArrayList<>();
        for (int line = first - 1; line >= 0; line--) {
            var matcher = COMMENT.matcher(lines.get(line));
            if (!matcher.matches()) {
                break;
            }
            comment.addFirst(matcher.group(1).strip());
        }
        return String.join(" ", comment);
    }

    private static String value(Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (text(tuple.getKeyNode()).equals(key)) {
                    return text(tuple.getValueNode()).strip();
                }
            }
        }
        return "";
    }

    private static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine()).orElse(0);
    }

    private static String content(Node node) {
        return switch (node) {
            case ScalarNode scalar -> scalar.getTag() + "\"" + scalar.getValue().replace("\"", "\\\"") + "\"";
            case SequenceNode list ->
                list.getValue().stream().map(RouteFile::content).collect(Collectors.joining(",", "[", "]"));
            case MappingNode mapping ->
                mapping.getValue().stream()
                        .map(tuple -> content(tuple.getKeyNode()) + ":" + content(tuple.getValueNode()))
                        .collect(Collectors.joining(",", "{", "}"));
            case AnchorNode anchor -> content(anchor.getRealNode());
            default -> String.valueOf(node);
        };
    }
}
