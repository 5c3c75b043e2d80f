package dev.wadi.contract;

/**
 * Where the rows of a table come from.
 *
 * @param table whose rows they are made from
 * @param rows SQL condition: true for a row {@code s} of that table that a row {@code t} of this one is made from
 */
public record Origin(TableName table, String rows) {}
