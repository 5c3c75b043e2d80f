/**
 * Contracts: what a table is, read from {@code schemas/tables/*.odcs.yaml} (Open Data Contract Standard 3.1).
 *
 * <p>Floor 0: no framework; of Wadi only {@code yaml}, which tells mistakes with their lines. Read
 * {@link dev.wadi.contract.Contract} first, then {@link dev.wadi.contract.EventShape} (what the events of a stream look
 * like), then {@link dev.wadi.contract.Contracts}, which loads them, says what is wrong with them,
 * and becomes others while Wadi runs.
 */
@NullMarked
package dev.wadi.contract;

import org.jspecify.annotations.NullMarked;
