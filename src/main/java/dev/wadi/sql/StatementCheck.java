package dev.wadi.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.contract.TableName;
import dev.wadi.sql.SqlProblem.Kind;
import dev.wadi.sql.SqlProblem.Place;
import dev.wadi.yaml.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds the parse tree of a statement, as DuckDB itself gives it, against what a statement may hold: one SELECT over known
 * tables and its own WITH, made of known parts and allowed functions. What is not known is refused.
 */
final class StatementCheck {
    private static final Set<String> NODES = Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE");
    private static final Set<String> SOURCES =
            Set.of("BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "PIVOT", "SHOW_REF", "SUBQUERY", "TABLE_FUNCTION");
    private static final Set<String> MODIFIERS = Set.of(
            "DISTINCT_MODIFIER",
            "LIMIT_MODIFIER",
            "LIMIT_PERCENT_MODIFIER",
            "ORDER_MODIFIER",
            "ASCENDING",
            "DESCENDING",
            "ORDER_DEFAULT");
    private static final Set<String> EXPRESSIONS = Set.of(
            "BETWEEN",
            "CASE",
            "CAST",
            "COLLATE",
            "COLUMN_REF",
            "COMPARISON",
            "CONJUNCTION",
            "CONSTANT",
            "FUNCTION",
            "LAMBDA",
            "LAMBDA_REF",
            "OPERATOR",
            "PARAMETER",
            "POSITIONAL_REFERENCE",
            "STAR",
            "SUBQUERY",
            "TYPE",
            "WINDOW");
    private static final Set<String> SHOWN = Set.of("DESCRIBE", "SUMMARY");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String sql;
    private final Map<String, TableName> known = new TreeMap<>();
    private final Set<TableName> tables = new TreeSet<>();
    private final Set<Integer> parameters = new TreeSet<>();

    /**
     * @param tables that are read
     * @param parameters how many values it takes
     */
    record Checked(Set<TableName> tables, int parameters) {}

    private StatementCheck(String sql, Collection<TableName> known) {
        this.sql = sql;
        known.forEach(table -> this.known.put(table.toString(), table));
    }

    /**
     * @param tree what {@code json_serialize_sql} makes of {@code sql}
     * @param known the tables that may be read
     * @throws SqlProblem that says what is wrong, where, and what is allowed
     */
    static Checked check(String sql, String tree, Collection<TableName> known) {
        StatementCheck check = new StatementCheck(sql, known);
        try {
            check.document(JSON.readTree(tree));
        } catch (JsonProcessingException e) {
            throw new SqlProblem(Kind.STATEMENT, "The statement is nested too deeply. Write it with fewer levels.");
        }
        int most = check.parameters.stream().mapToInt(Integer::intValue).max().orElse(0);
        return new Checked(check.tables, most);
    }

    private void document(JsonNode document) {
        if (document.path("error").asBoolean()) {
            throw unreadable(document);
        }
        JsonNode statements = document.path("statements");
        if (statements.size() != 1) {
            throw new SqlProblem(
                    Kind.STATEMENT,
                    statements.isEmpty()
                            ? "There is no statement. Write one SELECT."
                            : "There are %d statements. Write one SELECT.".formatted(statements.size()));
        }
        walk(statements.get(0), Set.of());
    }

    private SqlProblem unreadable(JsonNode error) {
        String message = error.path("error_message").asText();
        if (message.startsWith("Only SELECT")) {
            return new SqlProblem(
                    Kind.STATEMENT,
                    "The statement is not a SELECT, and nothing else is run here. Write one SELECT.",
                    Place.NOWHERE,
                    List.of("SELECT", "WITH ... SELECT", "FROM", "VALUES", "DESCRIBE", "SUMMARIZE"));
        }
        JsonNode position = error.path("position");
        return new SqlProblem(
                Kind.STATEMENT,
                "The statement cannot be read: %s.".formatted(firstLine(message)),
                position.isMissingNode() ? Place.NOWHERE : Place.at(sql, position.asLong()),
                List.of());
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }

    /** @param scope names of WITH that can be read here, in lower case */
    private void walk(JsonNode node, Set<String> scope) {
        if (node.isArray()) {
            node.forEach(each -> walk(each, scope));
        } else if (node.isObject()) {
            object(node, scope);
        }
    }

    private void object(JsonNode node, Set<String> scope) {
        String type = node.path("type").isTextual() ? node.path("type").asText() : null;
        if (node.has("class")) {
            expression(node);
        } else if (type != null && !NODES.contains(type) && !SOURCES.contains(type) && !MODIFIERS.contains(type)) {
            throw refused(node, "%s is not allowed in a statement that only reads".formatted(words(type)), List.of());
        }
        if (node.has("function_name")) {
            function(node, AllowedFunctions.OF_VALUES);
        }
        if (type != null && !node.has("class")) {
            if (type.equals("BASE_TABLE")) {
                table(node, scope);
            } else if (type.equals("TABLE_FUNCTION")) {
                function(node.path("function"), AllowedFunctions.OF_TABLES);
                walk(node.path("function").path("arguments"), scope);
                others(node, scope, Set.of("function"));
                return;
            } else if (type.equals("SHOW_REF")
                    && (!SHOWN.contains(node.path("show_type").asText())
                            || !node.path("query").isObject())) {
                throw refused(
                        node, "SHOW is not allowed. DESCRIBE layer.table tells the columns of a table", List.of());
            } else if (type.equals("PIVOT") && named(node.path("pivots"))) {
                throw refused(node, "PIVOT over an ENUM is not allowed. List the values after IN", List.of());
            } else if (type.equals("RECURSIVE_CTE_NODE")) {
                Set<String> inner = with(node, scope);
                Set<String> itself = new HashSet<>(inner);
                itself.add(lower(node.path("cte_name").asText()));
                walk(node.path("right"), itself);
                others(node, inner, Set.of("cte_map", "right"));
                return;
            }
        }
        if (node.has("cte_map")) {
            others(node, with(node, scope), Set.of("cte_map"));
        } else {
            others(node, scope, Set.of());
        }
    }

    private void others(JsonNode node, Set<String> scope, Set<String> but) {
        node.properties().forEach(each -> {
            if (!but.contains(each.getKey())) {
                walk(each.getValue(), scope);
            }
        });
    }

    private static boolean named(JsonNode pivots) {
        for (JsonNode pivot : pivots) {
            if (!pivot.path("pivot_enum").asText("").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Each name of a WITH can be read after it, not before: before, the same name is something else. */
    private Set<String> with(JsonNode node, Set<String> scope) {
        Set<String> names = new HashSet<>(scope);
        for (JsonNode each : node.path("cte_map").path("map")) {
            walk(each.path("value"), Set.copyOf(names));
            names.add(lower(each.path("key").asText()));
        }
        return names;
    }

    private void expression(JsonNode node) {
        String kind = node.path("class").asText();
        if (!EXPRESSIONS.contains(kind)) {
            throw refused(node, "%s is not allowed here".formatted(words(kind)), List.of());
        }
        if (kind.equals("PARAMETER")) {
            String name = node.path("identifier").asText();
            if (!name.matches("[1-9][0-9]{0,3}")) {
                throw refused(
                        node,
                        "The parameter $%s has a name, and values come in order. Write ? or $1".formatted(name),
                        List.of("?", "$1"));
            }
            parameters.add(Integer.parseInt(name));
        }
        if (kind.equals("TYPE") && path(node).size() != 1) {
            throw refused(
                    node,
                    "The type %s is not known. Write a type of DuckDB, such as DATE"
                            .formatted(String.join(".", path(node))),
                    List.of());
        }
    }

    private void function(JsonNode node, Set<String> allowed) {
        List<String> path = path(node);
        String name = node.path("function_name").asText();
        if (path.isEmpty() || !path.getLast().equals(name)) {
            throw refused(node, "The function %s is not allowed".formatted(name), List.of());
        }
        if (!allowed.contains(lower(name))) {
            String near = Spelling.nearest(lower(name), allowed);
            throw refused(
                    node,
                    "The function %s %s%s"
                            .formatted(
                                    name,
                                    allowed == AllowedFunctions.OF_TABLES
                                            ? "gives no rows that may be read here"
                                            : "is not among those that may be called",
                                    near == null ? "" : ". Is it %s?".formatted(near)),
                    allowed == AllowedFunctions.OF_TABLES ? List.copyOf(allowed) : List.of());
        }
    }

    private void table(JsonNode node, Set<String> scope) {
        List<String> path = path(node);
        String name = String.join(".", path);
        if (!node.path("at_clause").isNull() && !node.path("at_clause").isMissingNode()) {
            throw refused(
                    node,
                    "AT is not read here. Leave it out and send `versions` or `as_of` beside the statement",
                    List.of());
        }
        boolean whole = path.equals(given(node));
        if (whole && path.size() == 1 && scope.contains(lower(name))) {
            return;
        }
        TableName table = whole && path.size() == 2 ? known.get(lower(name)) : null;
        if (table == null) {
            String near = Spelling.nearest(lower(name), known.keySet());
            throw refused(
                    node,
                    "There is no table %s that may be read%s"
                            .formatted(name, near == null ? "" : ". Is it %s?".formatted(near)),
                    List.copyOf(known.keySet()));
        }
        tables.add(table);
    }

    private static List<String> path(JsonNode node) {
        List<String> path = new ArrayList<>();
        node.path("qualified_name").path("path").forEach(part -> path.add(part.asText()));
        return path;
    }

    /** The name as the older fields of the tree have it. */
    private static List<String> given(JsonNode node) {
        List<String> path = new ArrayList<>();
        for (String part : List.of("catalog_name", "schema_name", "table_name")) {
            String text = node.path(part).asText("");
            if (!text.isEmpty()) {
                path.add(text);
            }
        }
        return path;
    }

    /** Only ASCII changes, as DuckDB compares names. */
    private static String lower(String name) {
        StringBuilder lower = new StringBuilder(name.length());
        name.chars().forEach(c -> lower.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
        return lower.toString();
    }

    private static String words(String type) {
        return type.toLowerCase(Locale.ROOT)
                .replace("_node", "")
                .replace("_query", "")
                .replace('_', ' ')
                .toUpperCase(Locale.ROOT);
    }

    private SqlProblem refused(JsonNode node, String text, List<String> allowed) {
        JsonNode location = node.path("query_location");
        return new SqlProblem(Kind.STATEMENT, text.endsWith("?") ? text : text + ".", place(location), allowed);
    }

    private Place place(@Nullable JsonNode location) {
        return location != null && location.canConvertToLong() ? Place.at(sql, location.asLong()) : Place.NOWHERE;
    }
}
