/**
 * The generator: synthetic events, the same for the same seed.
 *
 * <p>Floor 3.
 */
@NullMarked
package dev.wadi.generator;

import org.jspecify.annotations.NullMarked;
