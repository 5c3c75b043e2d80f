/**
 * Polling: {@code from: sql:} with {@code watermark}, the rows of a database table in the order in which they changed.
 *
 * <p>Floor 3. {@link dev.wadi.poll.PollComponent} is Camel's {@code sql:} with another {@code from:};
 * {@code PollConsumer} reads on from a {@code Place} by the pages that a {@code PollQuery} gives, makes an event of each row,
 * and hands it to the route with the place as its watermark.
 */
@NullMarked
package dev.wadi.poll;

import org.jspecify.annotations.NullMarked;
