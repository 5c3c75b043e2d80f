/**
 * The REST layer: events in, KPIs and tables out, errors as RFC 9457 problems.
 *
 * <p>Floor 4. Read {@code EventsController} for how events come in, {@code KpiController}, {@code TableController} and
 * {@code QuarantineController} for what is answered, {@code SqlController} for statements of others, {@code Problem} and {@code ProblemErrorProcessor} for how errors are,
 * and {@code OpenApi} for how all of it is documented.
 */
@NullMarked
package dev.wadi.api;

import org.jspecify.annotations.NullMarked;
