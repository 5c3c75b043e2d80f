/**
 * Proof from outside: the packaged jar, run as a process, is asked only what a user can ask.
 *
 * <p>Read {@link dev.wadi.proof.EndToEndIT} first, then {@link dev.wadi.proof.CrashIT}. Both compare with a
 * {@link dev.wadi.proof.Model}, and read the tables with {@link dev.wadi.proof.LakeReader}, which shares no code with
 * the app.
 */
@NullMarked
package dev.wadi.proof;

import org.jspecify.annotations.NullMarked;
