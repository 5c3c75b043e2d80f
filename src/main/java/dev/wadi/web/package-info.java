/**
 * The pages that people look at: the start page and the API documentation. Plain HTML; every file comes from the jar.
 *
 * <p>Floor 4. Read {@code HomeController}, then {@code DocsController}.
 */
@NullMarked
package dev.wadi.web;

import org.jspecify.annotations.NullMarked;
