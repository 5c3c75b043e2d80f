/**
 * The engine: one DuckDB instance for the process, and the lake as SQL sees it.
 *
 * <p>Floor 1. Read {@link dev.wadi.engine.DuckDb} (settings, sessions), then {@link dev.wadi.engine.LakeReader} (views
 * {@code bronze.x}, {@code silver.x}, {@code gold.x} pinned to versions) and {@link dev.wadi.engine.Sql} (the one
 * quoting function).
 */
@NullMarked
package dev.wadi.engine;

import org.jspecify.annotations.NullMarked;
