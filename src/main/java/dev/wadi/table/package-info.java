/**
 * Tables: versions of Delta tables, read from and committed to the log through Delta Kernel.
 *
 * <p>Floor 1. Read {@link dev.wadi.table.Lake} (all tables under one root), then
 * {@link dev.wadi.table.TableSnapshot} (one version) and {@link dev.wadi.table.DeltaTable} (load, commit).
 * {@code KernelActions} is the one class that touches Kernel's internal packages.
 */
@NullMarked
package dev.wadi.table;

import org.jspecify.annotations.NullMarked;
