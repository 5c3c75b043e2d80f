/**
 * KPIs: definitions read from {@code schemas/kpis/*.kpi.yaml}, and their answers from gold.
 *
 * <p>Floor 3. Read {@link dev.wadi.kpi.Kpi} (a definition), then {@link dev.wadi.kpi.Question} (what is asked of it) and
 * {@link dev.wadi.kpi.QuestionReader} (how it is asked), then {@code Query}, {@code QueryWriter} and {@code FactsWriter} (a question as SQL: pure,
 * values bound; {@code EarlySums} says which of two ways to the groups is shorter), {@link dev.wadi.kpi.Answers} (runs it on pinned versions, explains it, and finds the facts of a {@link dev.wadi.kpi.Cell}) and {@link dev.wadi.kpi.AnswerWriters} (the formats).
 * {@link dev.wadi.kpi.KeptQuestions} and {@link dev.wadi.kpi.KeptAnswers} keep what is asked again.
 * {@link dev.wadi.kpi.Kpis} loads the definitions and {@link dev.wadi.kpi.LiveKpis} follows their files; {@code KpiFile} says
 * what is wrong with one, and {@link dev.wadi.kpi.KpiTrial} runs the tests that it brings.
 */
@NullMarked
package dev.wadi.kpi;

import org.jspecify.annotations.NullMarked;
