/**
 * Which tables are made of which, and how far the events that came in have got on their way through them.
 *
 * <p>Floor 3. Read {@link dev.wadi.lineage.Lineage} (the graph of the routes that run), then
 * {@link dev.wadi.lineage.Freshness} (up to when tables hold what was committed to their sources) and
 * {@link dev.wadi.lineage.Patience} (waits until they hold a receipt's events, or are fresh enough). The other way,
 * {@link dev.wadi.lineage.Tracing} goes from rows back to what they are made from, and {@link dev.wadi.lineage.Why} tells what became of
 * each event of a key.
 */
@NullMarked
package dev.wadi.lineage;

import org.jspecify.annotations.NullMarked;
