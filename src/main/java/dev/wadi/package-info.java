/**
 * Wadi, an event lakehouse in one JVM. Start reading at {@link dev.wadi.Application}; then follow an event:
 *
 * <pre>
 * floor 4  doors    web        api          cli          local
 * floor 3  work     route      kpi          generator    upkeep    kafka
 *                   poll       cdc          infer        lineage    sql
 * floor 2  core     merge
 * floor 1  means    table      engine       store        index     file
 * floor 0  words    contract   event        yaml
 * </pre>
 *
 * <p>Arrows point downward only; {@code FloorsTest} holds them. An event comes in by {@code api} or a Camel {@code route}
 * ({@code kafka}, {@code poll} and {@code cdc} are doors of routes), is decoded by {@code event} as its {@code contract} says,
 * is merged by {@code merge} into a Delta {@code table} with the DuckDB {@code engine}, and is answered by {@code kpi}.
 */
@NullMarked
package dev.wadi;

import org.jspecify.annotations.NullMarked;
