/**
 * KPIs: definitions read from {@code schemas/kpis/*.kpi.yaml}, and their answers from gold.
 *
 * <p>Floor 3. Read {@link dev.wadi.kpi.Kpi} (a definition), then {@link dev.wadi.kpi.Question} (what is asked of it) and
 * {@link dev.wadi.kpi.QuestionReader} (how it is asked), then {@code Query} (a question as SQL: pure, values bound) and
 * {@link dev.wadi.kpi.Answers} (runs it on pinned versions). {@link dev.wadi.kpi.Kpis} loads the definitions;
 * {@code KpiFile} says what is wrong with one.
 */
@NullMarked
package dev.wadi.kpi;

import org.jspecify.annotations.NullMarked;
