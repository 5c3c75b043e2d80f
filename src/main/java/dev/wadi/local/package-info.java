/**
 * The local environment: an embedded PostgreSQL, AMQP broker and, when switched on, Kafka broker, started before anything needs
 * them; and, where Node is, a blob store, which gets ready beside the rest.
 *
 * <p>Floor 4. Read {@code Server} first (one run, from its settings to its end), then {@code LocalEnvironment}.
 */
@NullMarked
package dev.wadi.local;

import org.jspecify.annotations.NullMarked;
