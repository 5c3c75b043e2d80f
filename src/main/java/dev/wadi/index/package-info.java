/**
 * The key index: where in a table the live row of a key is, in memory.
 *
 * <p>Floor 1. A merge finds its keys here instead of scanning the table. Nothing is stored: an index is a function of a
 * table version, built from its files when it pays, moved on by the difference between two versions, and thrown away when
 * memory is needed. Read {@link dev.wadi.index.KeyIndex} first, then {@link dev.wadi.index.KeyTable};
 * {@link dev.wadi.index.KeyIndexes} decides which tables have one.
 */
@NullMarked
package dev.wadi.index;

import org.jspecify.annotations.NullMarked;
