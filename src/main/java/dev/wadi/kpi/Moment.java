package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Which versions of its tables a question is about. */
public sealed interface Moment {
    /** The newest versions that there are when it is answered. */
    Moment NOW = new Newest();

    /** See {@link #NOW}. */
    record Newest() implements Moment {}

    /** Of each table the newest version that was committed at {@code time} or before. */
    record At(Instant time) implements Moment {}

    /** The version of a table, and of every other table the newest that was committed by when that one was. */
    record AtVersion(TableName table, long version) implements Moment {}

    /** These versions. */
    record Exactly(Map<TableName, Long> versions) implements Moment {
        public Exactly {
            versions = Map.copyOf(versions);
        }
    }

    /** {@code gold.dim_customer@12,gold.fact_orders@40}: versions as one word, in the order of the tables. */
    static String text(Map<TableName, Long> versions) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(versions)
                .forEach((table, version) -> text.append(text.isEmpty() ? "" : ",")
                        .append(table)
                        .append('@')
                        .append(version));
        return text.toString();
    }
}
