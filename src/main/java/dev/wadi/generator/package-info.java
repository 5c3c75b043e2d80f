/**
 * The generator: synthetic events, the same for the same seed on every machine.
 *
 * <p>Floor 3. Read {@link dev.wadi.generator.Options} first, then {@link dev.wadi.generator.BookingEvents} or
 * {@link dev.wadi.generator.ClickstreamEvents}: each tells a story in order of time, which {@code Faults} then disturbs.
 */
@NullMarked
package dev.wadi.generator;

import org.jspecify.annotations.NullMarked;
