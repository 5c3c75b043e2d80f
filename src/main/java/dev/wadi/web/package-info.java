/**
 * The pages that people look at.
 *
 * <p>Floor 4.
 */
@NullMarked
package dev.wadi.web;

import org.jspecify.annotations.NullMarked;
