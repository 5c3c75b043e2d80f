/**
 * Upkeep: tables are compacted and vacuumed on a thread of their own, beside the merges.
 *
 * <p>Floor 3. {@code Upkeep} says when; {@link dev.wadi.merge.Compactions} and {@link dev.wadi.table.DeltaTable#vacuum} know how.
 */
@NullMarked
package dev.wadi.upkeep;

import org.jspecify.annotations.NullMarked;
