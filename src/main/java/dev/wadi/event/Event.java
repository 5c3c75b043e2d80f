package dev.wadi.event;

/**
 * An event that fits its shape.
 *
 * @param index its number in the body it came in, from 0
 * @param id its identity: the id field its shape names, else {@code source/id} of its CloudEvents envelope, else the
 *     SHA-256 of its payload in hex
 * @param payload the event as it came: the JSON text of its data, without an envelope
 */
public record Event(int index, String id, String payload) {}
