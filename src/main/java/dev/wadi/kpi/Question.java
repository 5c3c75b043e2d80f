package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a KPI. {@link QuestionReader} makes one from the parameters of a request.
 *
 * @param from first day counted; null for no limit
 * @param to last day counted; null for no limit
 * @param grain null for one value over the whole time
 * @param by what to group by, the KPI's {@code alwaysBy} included
 * @param asOf the moment whose table versions are asked; null for the newest
 * @param limit rows to answer at most
 * @param offset rows to skip first
 */
public record Question(
        Kpi kpi,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        @Nullable Grain grain,
        List<Dimension> by,
        List<Condition> where,
        @Nullable Instant asOf,
        int limit,
        long offset) {

    public Question {
        Set<Dimension> all = new LinkedHashSet<>(by);
        for (String name : kpi.alwaysBy()) {
            all.add(kpi.dimension(name).orElseThrow());
        }
        by = List.copyOf(all);
        where = List.copyOf(where);
    }

    /** The tables that an answer depends on: no more than these, so that no other table spoils a cached answer. */
    public Set<TableName> tables() {
        Set<TableName> tables = new TreeSet<>();
        tables.add(kpi.table());
        dimensions().map(Dimension::join).flatMap(Stream::ofNullable).forEach(join -> tables.add(join.table()));
        return tables;
    }

    /** Every dimension that is grouped or filtered by, once. */
    List<Dimension> used() {
        return new ArrayList<>(new LinkedHashSet<>(dimensions().toList()));
    }

    Optional<Grain> cutBy() {
        return Optional.ofNullable(grain);
    }

    private Stream<Dimension> dimensions() {
        return Stream.concat(by.stream(), where.stream().map(Condition::dimension));
    }
}
