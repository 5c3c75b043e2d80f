/**
 * The benchmarks of {@code make bench}: how fast the packaged app is, each figure beside what it was compared with.
 *
 * <p>{@link dev.wadi.bench.Bench} runs the parts in order; each part measures one promise and gives
 * {@link dev.wadi.bench.Figure}s. The clients are cheap on purpose, for they share the machine with the app.
 */
@NullMarked
package dev.wadi.bench;

import org.jspecify.annotations.NullMarked;
