/**
 * The component {@code kafka:}: Camel's own in its URI and options, with a consumer of ours behind {@code from:}.
 *
 * <p>Floor 3. Read {@link dev.wadi.kafka.Poller} first: it takes records with its {@code GroupClient}, gives them to
 * {@code RecordsUnderWay}, which hands each to the route as an exchange, and commits what {@code OffsetWindow} says is behind
 * it. {@code KafkaDoor} is the component, {@code DoorConsumer} the {@code from:} of a route, and
 * {@code RecordFormat} what the records are: bytes, Avro, or changes of a database.
 */
@NullMarked
package dev.wadi.kafka;

import org.jspecify.annotations.NullMarked;
