/**
 * The other readers and writers of Delta tables, in a JVM of their own: Spark with Delta, and Delta Standalone.
 *
 * <p>Read {@link dev.wadi.spark.Oracle} first: it takes requests and answers them. It shares no code and no library with
 * Wadi; what it says of a table is what the rest of the world sees.
 */
package dev.wadi.spark;
