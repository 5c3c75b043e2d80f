/** Real parts that tests run against, each started as an own process with own ports and folders. */
@NullMarked
package dev.wadi.parts;

import org.jspecify.annotations.NullMarked;
