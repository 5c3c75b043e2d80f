/**
 * The merge: one batch into one table, one commit.
 *
 * <p>Floor 2. An event walks through it in this order: {@link dev.wadi.merge.Intakes} gives each table its
 * {@link dev.wadi.merge.Intake}, which decodes a {@link dev.wadi.merge.Delivery}, closes batches and, after the commit,
 * acknowledges. {@link dev.wadi.merge.Transforms} does the same for a SELECT. Both end in the merge itself, whose result
 * is a {@link dev.wadi.merge.MergeOutcome}. {@link dev.wadi.merge.ChangeFeed} tells afterwards which rows it changed.
 */
@NullMarked
package dev.wadi.merge;

import org.jspecify.annotations.NullMarked;
