package dev.wadi.route;

import java.util.Set;
import org.apache.camel.model.RouteDefinition;

/**
 * A source that gives out its work: what one process takes of it, no other gets. Routes from such a source may run in every
 * process of a lake. All others (tables, files, databases) would do in each process what one has done already, or be refused:
 * the tables stay right, but it is work for nothing.
 */
final class SharedSource {
    /** Ways into a process are its own, queues and topics share themselves out. */
    private static final Set<String> SCHEMES =
            Set.of("direct", "seda", "platform-http", "rabbitmq", "spring-rabbitmq", "kafka");

    private SharedSource() {}

    /** Whether a route takes from one. */
    static boolean feeds(RouteDefinition route) {
        String uri = route.getInput() == null ? "" : route.getInput().getEndpointUri();
        int end = uri.indexOf(':');
        return SCHEMES.contains(end < 0 ? uri : uri.substring(0, end));
    }
}
