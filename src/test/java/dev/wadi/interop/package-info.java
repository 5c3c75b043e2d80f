/**
 * Wadi's tables in the hands of others: Spark and Delta Standalone read what Wadi wrote, and change what Wadi then merges
 * into. {@code make interop} runs it; {@code make test} does not.
 *
 * <p>Read {@link dev.wadi.interop.WadiWritesInterop} first. The others live in a process of their own, built from {@code
 * src/interop}; {@link dev.wadi.interop.Spark} talks to it. Rows are compared as {@link dev.wadi.interop.Rows}.
 */
@NullMarked
package dev.wadi.interop;

import org.jspecify.annotations.NullMarked;
