/**
 * Foreign SQL: statements of people and programs over tables of the lake, which may read what they are allowed and harm nobody.
 *
 * <p>Floor 3. Read {@link dev.wadi.sql.ForeignSql} (the way of a statement), {@code StatementCheck} (what a statement may hold),
 * then {@code Cell} (the process it runs in) and {@code CellMain} (what happens there).
 */
@NullMarked
package dev.wadi.sql;

import org.jspecify.annotations.NullMarked;
