/**
 * The merge: one batch into one table, one commit.
 *
 * <p>Floor 2. An event walks through it in this order: {@link dev.wadi.merge.Intakes} gives each table its
 * {@link dev.wadi.merge.Intake}, which decodes a {@link dev.wadi.merge.Delivery}, closes batches and, after the commit,
 * acknowledges. How far a reader of a source is that remembers nothing, its {@link dev.wadi.merge.Watermark} tells, in the
 * commit of the rows. {@link dev.wadi.merge.Transforms} does the same for a SELECT. Both stage a {@code Batch} and hand it to the
 * {@code Merger}: a {@code Planner} decides what becomes of each row ({@code Verdict}), {@code TableMerge} writes what the
 * {@code Plan} says and commits. The result is a {@link dev.wadi.merge.MergeOutcome}.
 *
 * <p>There is a planner for each kind of table: {@code LatestRowPlanner} for one row a key, by {@code IndexPlanner} or
 * {@code ScanPlanner}; {@code SparsePlanner} for updates that leave columns out; {@code HistoryPlanner} for a row a state;
 * {@code BeliefPlanner} for a row a state and a time in which it was believed; these two plan from the set of all events of a key
 * ({@code EventSetPlanner}). All but that by the index work in SQL, in a {@code Draft}. What is deleted is remembered in the
 * {@code Graveyard}; what is refused goes to the {@code Quarantine}.
 * {@link dev.wadi.merge.Compactions} and {@link dev.wadi.merge.Restores} change the files of a table beside the merges.
 * {@link dev.wadi.merge.Replay} tells afterwards what the planner makes of the events of a key, and
 * {@link dev.wadi.merge.ChangeFeed} tells afterwards which rows each version changed.
 */
@NullMarked
package dev.wadi.merge;

import org.jspecify.annotations.NullMarked;
