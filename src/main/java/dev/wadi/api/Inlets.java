package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.route.Routes;
import java.util.List;

/** The ways into tables. */
@FunctionalInterface
interface Inlets {
    /** The routes that fill a table, started or not. */
    List<Routes.Inlet> into(TableName table);

    /**
     * Whether what is posted can get into a table. A table that no route fills here may have one elsewhere: its events wait in
     * a queue.
     */
    default boolean takePosts(TableName table) {
        List<Routes.Inlet> all = into(table);
        return all.isEmpty()
                || all.stream()
                        .anyMatch(each -> each.from().startsWith("rabbitmq:")
                                || each.from().startsWith("direct:"));
    }
}
