/**
 * KPIs: definitions read from {@code schemas/kpis/*.kpi.yaml}, and their answers from gold.
 *
 * <p>Floor 3.
 */
@NullMarked
package dev.wadi.kpi;

import org.jspecify.annotations.NullMarked;
