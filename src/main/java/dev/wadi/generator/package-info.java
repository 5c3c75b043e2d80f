/**
 * The generator: synthetic events, the same for the same seed on every machine.
 *
 * <p>Floor 3. Read {@link dev.wadi.generator.Options} first, then {@link dev.wadi.generator.BookingEvents} or
 * {@link dev.wadi.generator.ClickstreamEvents}: each tells a story in order of time, which {@code Faults} then disturbs. {@link
 * dev.wadi.generator.Generation} sends them to a {@link dev.wadi.generator.Target} and keeps a {@link dev.wadi.generator.Truth}, with
 * which {@link dev.wadi.generator.Verification} compares a lake. Beside the events, {@link dev.wadi.generator.ShopFiles} writes tables of
 * a shop as files, and {@link dev.wadi.generator.ShopSimulation} has the shop at work in a database.
 */
@NullMarked
package dev.wadi.generator;

import org.jspecify.annotations.NullMarked;
