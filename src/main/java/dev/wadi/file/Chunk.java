package dev.wadi.file;

/**
 * Some rows of a file.
 *
 * @param events NDJSON, an event a line; empty when no row could be read
 * @param places where each event was, and which rows became none
 */
public record Chunk(byte[] events, Places places) {}
