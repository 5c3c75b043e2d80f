/**
 * Routes: Camel inside Micronaut, and the components {@code delta:} and {@code rabbitmq:}.
 *
 * <p>Floor 3.
 */
@NullMarked
package dev.wadi.route;

import org.jspecify.annotations.NullMarked;
