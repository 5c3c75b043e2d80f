/**
 * Real parts that tests run against, each started as a process of its own ({@code ServerProcess}) with ports and folders of its own;
 * and what tests ask of a Wadi that runs: the rows of its lake, the health of its sources, and that something comes about.
 */
@NullMarked
package dev.wadi.parts;

import org.jspecify.annotations.NullMarked;
