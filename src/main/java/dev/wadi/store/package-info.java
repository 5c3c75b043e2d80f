/**
 * Files of the lake: write once, put if absent, list, sync.
 *
 * <p>Floor 1. {@link dev.wadi.store.Store} is the promise; {@link dev.wadi.store.LocalStore} keeps it on a local disk.
 */
@NullMarked
package dev.wadi.store;

import org.jspecify.annotations.NullMarked;
