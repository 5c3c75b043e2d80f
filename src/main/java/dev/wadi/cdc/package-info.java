/**
 * Change data capture: {@code from: debezium-postgres:}, every change of tables of PostgreSQL from its log, in its order.
 *
 * <p>Floor 3. {@link dev.wadi.cdc.CdcComponent} is Camel's component of this name with another {@code from:};
 * {@code CdcConsumer} runs Debezium's engine and starts it again after a failure; {@code ChangeStream} takes its batches, makes
 * an event of each change ({@code ChangeEvents}), hands it to the route, and gives the slot of the database free when it is
 * committed. {@code Mark} is how far it has got, and {@code SlotLag} says how much log the database keeps for it. {@code Place} is what tells a
 * change from others, and {@link dev.wadi.cdc.TopicChanges} makes the same events of what Debezium has written to Kafka.
 */
@NullMarked
package dev.wadi.cdc;

import org.jspecify.annotations.NullMarked;
