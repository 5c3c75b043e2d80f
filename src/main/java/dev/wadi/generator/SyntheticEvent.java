package dev.wadi.generator;

/**
 * An event as it arrives.
 *
 * @param text a JSON object on one line
 */
public record SyntheticEvent(String text, Fault fault) {}
