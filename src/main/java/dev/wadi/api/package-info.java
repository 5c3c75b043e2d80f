/**
 * The REST layer: events in, KPIs and tables out, errors as RFC 9457 problems.
 *
 * <p>Floor 4.
 */
@NullMarked
package dev.wadi.api;

import org.jspecify.annotations.NullMarked;
