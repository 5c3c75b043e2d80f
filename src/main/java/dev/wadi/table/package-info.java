/**
 * Tables: versions of Delta tables, read from and committed to the log through Delta Kernel.
 *
 * <p>Floor 1. Read {@link dev.wadi.table.Lake} (all tables under one root), then
 * {@link dev.wadi.table.TableSnapshot} (one version) and {@link dev.wadi.table.DeltaTable} (load, commit). Behind that each
 * class knows one thing: {@code TableFounding} makes a table what its contract says, {@code SnapshotLoader} reads a version,
 * {@code TableCommits} writes one and {@code CommitHooks} what follows it, {@code TableHistory} tells which there were and
 * {@code TableChanges} what they changed, {@code Holds} who reads them, {@code Vacuum} which files nobody needs.
 * {@link dev.wadi.table.TableErrors} says what is wrong with a table and what to do. {@code KernelActions} is the one class
 * that touches Kernel's internal packages.
 */
@NullMarked
package dev.wadi.table;

import org.jspecify.annotations.NullMarked;
