/**
 * The documentation, held against what it documents: {@code DocsTest} reads links and snippets, {@code ReferenceTest} the tables of
 * the reference, {@code DocsIT} runs the commands of the README and the tutorials against the packaged app.
 */
@NullMarked
package dev.wadi.docs;

import org.jspecify.annotations.NullMarked;
