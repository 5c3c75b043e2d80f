/**
 * Routes: Camel inside Micronaut, and the components {@code delta:}, {@code rabbitmq:} and {@code azure-storage-blob:}.
 *
 * <p>Floor 3. Read {@link dev.wadi.route.RouteLifecycle} first: it fills a Camel context from the route files
 * and starts and stops it with the application. {@code RouteFolder} reads the files into a {@code RouteSet}; {@code RouteTrial}
 * finds what is wrong with it, against the contracts as {@code ContractFiles} reads them; {@link dev.wadi.yaml.FileWatch} tells
 * when the files change, and {@code RouteSwap} puts the new routes and contracts in the place of the old. Then follow an event:
 * {@link dev.wadi.route.RouteGateway} is the way in for the HTTP door; {@code RabbitMqProducer} publishes and
 * waits for the confirm; {@code RabbitMqConsumer} takes the message and {@code AckWindow} acknowledges it when
 * {@code DeltaIntakeProducer} says that it is committed; the commit wakes {@code DeltaConsumer}, and
 * {@code DeltaQueryProducer} runs the SELECT. {@code DeltaFeedConsumer} gives a route the changed rows themselves. A body that is
 * a file is loaded by {@code FileLoads}; {@code BlobDropConsumer} fetches files from blob containers.
 * {@link dev.wadi.route.Routes} tells how all that goes; {@link dev.wadi.route.Sources} what is wrong with what is fetched from.
 */
@NullMarked
package dev.wadi.route;

import org.jspecify.annotations.NullMarked;
