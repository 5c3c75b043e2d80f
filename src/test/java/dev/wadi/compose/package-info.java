/**
 * What Wadi is shipped with: the image, {@code docker-compose.yml}, the settings in {@code .env.example}, alerts and dashboards. There
 * is no container engine in these tests: the files are read as their programs read them, and what they say is held against the app
 * and against real services.
 *
 * <p>Read {@link dev.wadi.compose.ComposeTest} first, then {@link dev.wadi.compose.ComposeIT}, which runs the packaged app with the
 * environment that {@code docker-compose.yml} gives it.
 */
@NullMarked
package dev.wadi.compose;

import org.jspecify.annotations.NullMarked;
