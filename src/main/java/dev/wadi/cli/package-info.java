/**
 * The command line beside the server.
 *
 * <p>Floor 4.
 */
@NullMarked
package dev.wadi.cli;

import org.jspecify.annotations.NullMarked;
