/**
 * Files of rows: CSV, NDJSON and Parquet, taken apart into events, a chunk at a time and in bounded memory.
 *
 * <p>Floor 1. Read {@link dev.wadi.file.RowFiles} first: it looks at a file as a whole and opens it as a
 * {@link dev.wadi.file.RowFile}, which gives {@link dev.wadi.file.Chunk}s. What cannot be a file of the stream at all is an
 * {@link dev.wadi.file.UnreadableFileException}; a single row that cannot be read goes along in its chunk, with its place.
 */
@NullMarked
package dev.wadi.file;

import org.jspecify.annotations.NullMarked;
