/**
 * The command line beside the server.
 *
 * <p>Floor 4. Read {@link dev.wadi.cli.CommandLine} (the first word chooses a command), then the three that read the words
 * behind it, {@link dev.wadi.cli.TableWords}, {@link dev.wadi.cli.DataWords} and {@link dev.wadi.cli.RouteWords} (each makes
 * a task or names what is wrong), then the desks that do the tasks: {@link dev.wadi.cli.TableDesk} (a table's history and
 * upkeep), {@link dev.wadi.cli.SqlDesk} (reads), {@link dev.wadi.cli.DataDesk} (makes data, brings some in, compares),
 * {@link dev.wadi.cli.LintDesk} and {@link dev.wadi.cli.TryDesk} (check what is edited).
 */
@NullMarked
package dev.wadi.cli;

import org.jspecify.annotations.NullMarked;
