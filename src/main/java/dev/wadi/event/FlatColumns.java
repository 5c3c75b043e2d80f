package dev.wadi.event;

import dev.wadi.contract.EventShape;
import dev.wadi.contract.EventShape.Field;
import dev.wadi.contract.EventShape.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the place of each column of a flat source in an event. */
final class FlatColumns {
    /** A field of the event that a column fills, or an object with such fields. */
    static final class Place {
        final byte[] name;
        final int order;
        /** Null for an object whose fields are filled. */
        final @Nullable Leaf leaf;

        final List<Place> inside = new ArrayList<>();

        Place(String name, int order, @Nullable Leaf leaf) {
            JsonText quoted = new JsonText();
            quoted.string(name);
            quoted.ascii(':');
            this.name = quoted.toBytes();
            this.order = order;
            this.leaf = leaf;
        }
    }

    /** @param column its number, from 0 */
    record Leaf(int column, Type type) {}

    private static final int BEHIND = Integer.MAX_VALUE;

    private final Map<String, List<Known>> dotted = new LinkedHashMap<>();
    private final Map<String, List<Known>> joined = new HashMap<>();
    private final Map<String, List<Known>> lower = new HashMap<>();
    private final Map<String, List<Known>> aliases = new HashMap<>();
    private final Place root = new Place("", 0, null);
    /** The column that fills the field of a path. */
    private final Map<List<String>, String> filled = new HashMap<>();

    private int known;

    /** A field of the shape and the way to it. */
    private record Known(List<String> path, List<Integer> orders, Type type, boolean required) {
        String dotted() {
            return String.join(".", path);
        }
    }

    FlatColumns(EventShape shape, List<FlatRow.Column> columns) {
        learn(shape.fields(), List.of(), List.of(), true);
        for (int i = 0; i < columns.size(); i++) {
            place(i, columns.get(i));
        }
        sort(root);
    }

    Place root() {
        return root;
    }

    /** How many columns fill fields that the shape names. */
    int known() {
        return known;
    }

    /** The fields that every event must have and no column fills. */
    List<String> missing() {
        return dotted.values().stream()
                .map(List::getFirst)
                .filter(field -> field.required() && field.type() != Type.OBJECT && !isFilled(field.path()))
                .map(Known::dotted)
                .toList();
    }

    private boolean isFilled(List<String> path) {
        return filled.keySet().stream().anyMatch(taken -> startsWith(path, taken));
    }

    private static boolean startsWith(List<String> path, List<String> start) {
        return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
    }

    private void learn(List<Field> fields, List<String> path, List<Integer> orders, boolean required) {
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            Known each = new Known(
                    append(path, field.name()), append(orders, i), field.type(), required && field.required());
            dotted.computeIfAbsent(each.dotted(), name -> new ArrayList<>()).add(each);
            joined.computeIfAbsent(String.join("_", each.path()), name -> new ArrayList<>())
                    .add(each);
            new TreeSet<>(List.of(each.dotted(), String.join("_", each.path())))
                    .forEach(name -> lower.computeIfAbsent(lower(name), key -> new ArrayList<>())
                            .add(each));
            for (String alias : field.aliases()) {
                List<String> other = append(path, alias);
                Stream.of(String.join(".", other), String.join("_", other))
                        .distinct()
                        .forEach(name -> aliases.computeIfAbsent(lower(name), key -> new ArrayList<>())
                                .add(each));
            }
            learn(field.fields(), each.path(), each.orders(), each.required());
        }
    }

    private static <T> List<T> append(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private void place(int number, FlatRow.Column column) {
        if (column.name().isEmpty()) {
            throw new IllegalArgumentException("column %d has no name. Name it, or remove it".formatted(number + 1));
        }
        Known field = find(column.name());
        List<String> path;
        List<Integer> orders;
        Type type;
        if (field == null) {
            path = unknown(column.name());
            orders = List.of();
            type = column.type();
        } else {
            known++;
            path = field.path();
            orders = field.orders();
            type = field.type();
        }
        claim(path, column.name());
        Place parent = root;
        for (int depth = 0; depth < path.size() - 1; depth++) {
            parent = inside(parent, path.subList(0, depth + 1));
        }
        parent.inside.add(
                new Place(path.getLast(), orders.isEmpty() ? BEHIND : orders.getLast(), new Leaf(number, type)));
    }

    /** Null when the shape has no such field. */
    private @Nullable Known find(String name) {
        Known exact = only(name, dotted.get(name));
        Known flat = exact == null ? only(name, joined.get(name)) : exact;
        Known ignoringCase = flat == null ? only(name, lower.get(lower(name))) : flat;
        return ignoringCase == null ? only(name, aliases.get(lower(name))) : ignoringCase;
    }

    private static @Nullable Known only(String name, @Nullable List<Known> fields) {
        if (fields == null) {
            return null;
        }
        if (fields.size() > 1) {
            throw new IllegalArgumentException("the column '%s' may be one of the fields %s. Name it as the one it is"
                    .formatted(name, fields.stream().map(Known::dotted).collect(Collectors.joining(", "))));
        }
        return fields.getFirst();
    }

    /** A field that the shape does not name: inside the object that it names, as {@code properties.color}, or at the top. */
    private List<String> unknown(String name) {
        for (int dot = name.lastIndexOf('.');
                dot > 0 && dot < name.length() - 1;
                dot = name.lastIndexOf('.', dot - 1)) {
            List<Known> outer = dotted.getOrDefault(name.substring(0, dot), List.of());
            if (!outer.isEmpty() && outer.getFirst().type() == Type.OBJECT) {
                return append(outer.getFirst().path(), name.substring(dot + 1));
            }
        }
        return List.of(name);
    }

    private void claim(List<String> path, String column) {
        filled.forEach((taken, other) -> {
            if (startsWith(taken, path) || startsWith(path, taken)) {
                throw new IllegalArgumentException(
                        "the columns '%s' and '%s' both fill the field %s. Rename or remove one"
                                .formatted(other, column, String.join(".", path.size() < taken.size() ? path : taken)));
            }
        });
        filled.put(path, column);
    }

    /** The object of the shape at {@code path}, made when it is not there. */
    private Place inside(Place parent, List<String> path) {
        Known field = Objects.requireNonNull(dotted.get(String.join(".", path))).getFirst();
        int order = field.orders().getLast();
        for (Place place : parent.inside) {
            if (place.order == order) {
                return place;
            }
        }
        Place made = new Place(path.getLast(), order, null);
        parent.inside.add(made);
        return made;
    }

    /** In the order of the shape, and others behind by name: the order of the columns makes no other event. */
    private static void sort(Place place) {
        place.inside.sort(Comparator.<Place>comparingInt(each -> each.order)
                .thenComparing(each -> new String(each.name, StandardCharsets.UTF_8)));
        place.inside.forEach(FlatColumns::sort);
    }
}
