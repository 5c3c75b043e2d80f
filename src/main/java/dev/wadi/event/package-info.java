/**
 * Events: the bytes that come through a door, taken apart and held against the contract.
 *
 * <p>Floor 0: no framework. Read {@link dev.wadi.event.EventDecoder} first; what it gives is in
 * {@link dev.wadi.event.Decoded}. Sources without JSON, such as CSV and tables of a database, make events of their rows by
 * {@link dev.wadi.event.FlatRow}.
 */
@NullMarked
package dev.wadi.event;

import org.jspecify.annotations.NullMarked;
