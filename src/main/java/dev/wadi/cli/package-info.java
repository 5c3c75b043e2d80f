/**
 * The command line beside the server.
 *
 * <p>Floor 4. Read {@link dev.wadi.cli.CommandLine} (what the words ask for), then {@link dev.wadi.cli.TableDesk} (does it
 * for a table) and {@link dev.wadi.cli.DataDesk} (makes data, brings some in, compares).
 */
@NullMarked
package dev.wadi.cli;

import org.jspecify.annotations.NullMarked;
