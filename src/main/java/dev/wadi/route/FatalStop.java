package dev.wadi.route;

import dev.wadi.merge.FatalRuleException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops a route whose rows break a rule that must never be broken: what it took goes back to its source and stays there. */
final class FatalStop {
    private static final Logger LOG = LoggerFactory.getLogger(FatalStop.class);

    private FatalStop() {}

    /** Does nothing for any other failure. */
    static void of(Exchange exchange, Throwable failure) {
        String route = exchange.getFromRouteId();
        if (!(failure instanceof FatalRuleException) || route == null) {
            return;
        }
        CamelContext camel = exchange.getContext();
        // Not on this thread: a route waits for its exchanges when it stops, and this is one.
        camel.getExecutorServiceManager()
                .newThread("stop " + route, () -> stop(camel, route, failure))
                .start();
    }

    private static void stop(CamelContext camel, String route, Throwable why) {
        LOG.error("The route {} stops: {}", route, why.getMessage());
        try {
            camel.getRouteController().stopRoute(route, why);
        } catch (Exception e) {
            LOG.error("The route {} did not stop: {}", route, e.getMessage(), e);
        }
    }
}
