package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a KPI. {@link QuestionReader} makes one from the parameters of a request. Nothing in it depends on when it is
 * answered: {@code today} has become a day.
 *
 * @param grain null for one value over the whole time
 * @param by what to group by, the KPI's {@code alwaysBy} included
 * @param where all must be met; those of row filters included
 * @param compareTo how far back the span lies that is answered beside; null for none
 * @param fill null when periods in which nothing happened have no row
 * @param order what to sort by first; time and dimensions, in this order, decide the rest
 * @param totals whether the rows of all pages are added up, too
 * @param moment the table versions that are asked
 * @param limit rows to answer at most
 * @param offset rows to skip first
 */
public record Question(
        Kpi kpi,
        Span span,
        @Nullable Grain grain,
        List<Dimension> by,
        List<Condition> where,
        @Nullable Shift compareTo,
        @Nullable Fill fill,
        List<Having> having,
        List<Order> order,
        boolean totals,
        Moment moment,
        int limit,
        long offset) {

    public Question {
        Set<Dimension> all = new LinkedHashSet<>(by);
        for (String name : kpi.alwaysBy()) {
            all.add(kpi.dimension(name).orElseThrow());
        }
        by = List.copyOf(all);
        // in one order, so that questions that mean the same are the same
        where = where.stream()
                .map(Question::plain)
                .distinct()
                .sorted(Comparator.comparing(Question::said))
                .toList();
        having = having.stream()
                .distinct()
                .sorted(Comparator.comparing(Having::toString))
                .toList();
        order = List.copyOf(order);
    }

    private static Condition plain(Condition condition) {
        boolean list = condition.operator() == Operator.IN || condition.operator() == Operator.NOT_IN;
        return list
                ? new Condition(
                        condition.dimension(),
                        condition.operator(),
                        condition.values().stream()
                                .distinct()
                                .sorted(Comparator.comparing(Object::toString))
                                .toList())
                : condition;
    }

    /** The same question about other versions. */
    Question at(Moment other) {
        return new Question(kpi, span, grain, by, where, compareTo, fill, having, order, totals, other, limit, offset);
    }

    /** The tables that an answer depends on: no more than these, so that no other table spoils a cached answer. */
    public Set<TableName> tables() {
        Set<TableName> tables = new TreeSet<>();
        tables.add(kpi.table());
        dimensions().map(Dimension::join).flatMap(Stream::ofNullable).forEach(join -> tables.add(join.table()));
        return tables;
    }

    /**
     * The question as text, but for its moment: the same for questions that mean the same, and another for any other of the
     * same definition.
     */
    public String text() {
        StringJoiner text = new StringJoiner("&", kpi.name() + "?", "");
        add(text, "from", span.fromText());
        add(text, "to", span.toText());
        if (span instanceof Span.Moments moments) {
            add(text, "tz", moments.zone().getId());
        }
        add(text, "grain", grain == null ? null : grain.word());
        by.forEach(dimension -> add(text, "by", dimension.name()));
        where.forEach(condition -> add(text, "where", said(condition)));
        add(text, "compare_to", compareTo == null ? null : compareTo.word());
        add(text, "fill", fill == null ? null : fill.word());
        having.forEach(each -> add(text, "having", said(each.figure().word(), each.operator(), each.values())));
        order.forEach(each -> add(text, "order", each.key() + (each.descending() ? ":desc" : ":asc")));
        add(text, "totals", totals ? "true" : null);
        add(text, "limit", Integer.toString(limit));
        add(text, "offset", Long.toString(offset));
        return text.toString();
    }

    /**
     * The parameters that ask it, of these versions: {@link QuestionReader} makes the same question of them.
     *
     * @param answering whether those are among them that make rows of an answer, but not the facts they are made of
     */
    public Map<String, List<String>> parameters(Map<TableName, Long> versions, boolean answering) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        put(parameters, "from", span.fromText());
        put(parameters, "to", span.toText());
        put(parameters, "tz", span.zone().equals(Span.UTC) ? null : span.zone().getId());
        put(parameters, "grain", grain == null ? null : grain.word());
        put(
                parameters,
                "by",
                by.isEmpty() ? null : by.stream().map(Dimension::name).collect(Collectors.joining(",")));
        if (!where.isEmpty()) {
            parameters.put("where", where.stream().map(Question::written).toList());
        }
        put(parameters, "compare_to", compareTo == null ? null : compareTo.word());
        if (answering) {
            put(parameters, "fill", fill == null ? null : fill.word());
            if (!having.isEmpty()) {
                parameters.put(
                        "having",
                        having.stream()
                                .map(each -> written(each.figure().word(), each.operator(), each.values()))
                                .toList());
            }
            put(
                    parameters,
                    "order",
                    order.isEmpty()
                            ? null
                            : order.stream()
                                    .map(each -> each.key() + (each.descending() ? ":desc" : ":asc"))
                                    .collect(Collectors.joining(",")));
            put(parameters, "totals", totals ? "true" : null);
            put(parameters, "limit", Integer.toString(limit));
            put(parameters, "offset", offset == 0 ? null : Long.toString(offset));
        }
        put(parameters, MomentReader.VERSIONS, Moment.text(versions));
        return parameters;
    }

    private static void put(Map<String, List<String>> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, List.of(value));
        }
    }

    private static String written(Condition condition) {
        return written(condition.dimension().name(), condition.operator(), condition.values());
    }

    /** As {@link ConditionReader} reads it. */
    private static String written(String name, Operator operator, List<Object> values) {
        return "%s:%s:%s"
                .formatted(
                        name,
                        operator.word(),
                        values.stream()
                                .map(AnswerJson::text)
                                .map(text -> operator.listed()
                                        ? text.replace("\\", "\\\\").replace(",", "\\,")
                                        : text)
                                .collect(Collectors.joining(",")));
    }

    /** Every dimension that is grouped or filtered by, once. */
    List<Dimension> used() {
        return new ArrayList<>(new LinkedHashSet<>(dimensions().toList()));
    }

    Optional<Grain> cutBy() {
        return Optional.ofNullable(grain);
    }

    /** The figures of a row. */
    public List<Figure> figures() {
        return Figure.of(compareTo != null);
    }

    private Stream<Dimension> dimensions() {
        return Stream.concat(by.stream(), where.stream().map(Condition::dimension));
    }

    private static String said(Condition condition) {
        return said(condition.dimension().name(), condition.operator(), condition.values());
    }

    private static String said(String name, Operator operator, List<Object> values) {
        StringJoiner text = new StringJoiner(",", name + ":" + operator.word() + ":", "");
        values.forEach(value -> text.add(
                value.toString().replace("\\", "\\\\").replace(",", "\\,").replace("&", "\\&")));
        return text.toString();
    }

    private static void add(StringJoiner text, String name, @Nullable String value) {
        if (value != null) {
            text.add(name + "=" + value);
        }
    }
}
