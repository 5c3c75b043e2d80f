/**
 * Writes contracts and routes for a new stream, guessed from a sample of its events.
 *
 * <p>Floor 3. Read {@link dev.wadi.infer.Inference} first: it reads the {@code Sample} into {@code Guess}es, one for each field.
 * {@code SilverColumns} makes columns of them and finds the key; {@code StreamFiles} writes it all down with the reason for each.
 */
@NullMarked
package dev.wadi.infer;

import org.jspecify.annotations.NullMarked;
