/**
 * Upkeep: checkpoints, checksums and log cleanup, off the hot path.
 *
 * <p>Floor 3.
 */
@NullMarked
package dev.wadi.upkeep;

import org.jspecify.annotations.NullMarked;
