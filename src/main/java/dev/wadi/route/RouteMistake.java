package dev.wadi.route;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateConsumerException;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.dsl.yaml.common.exception.UnsupportedFieldException;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * What is wrong with a route, found in the chain of exceptions that Camel wraps around it.
 *
 * @param line in the file, from 1; 0 when the chain does not say
 * @param routeId null when the route was not read
 * @param endpoint the URI that failed; null when it was something else
 */
record RouteMistake(
        String problem,
        int line,
        @Nullable String routeId,
        @Nullable String endpoint,
        Throwable failure) {
    private static final Pattern UNKNOWN_PARAMETERS = Pattern.compile("Unknown parameters=\\[\\{(.*)}]");
    private static final Pattern NO_COMPONENT = Pattern.compile("No component found with scheme: (\\S+)");

    /** A line of a route file; line 0 when only the file is known. */
    record Place(Path file, int line) {}

    /** Knows where the endpoint of a route is written. */
    @FunctionalInterface
    interface Places {
        @Nullable
        Place find(@Nullable String routeId, @Nullable String endpoint);
    }

    static RouteMistake of(Throwable failure) {
        int line = 0;
        String routeId = null;
        String endpoint = null;
        String problem = RouteException.text(failure);
        for (Throwable cause : chain(failure)) {
            switch (cause) {
                case MarkedYamlEngineException marked -> {
                    line = marked.getProblemMark()
                            .map(mark -> mark.getLine() + 1)
                            .or(() -> marked.getContextMark().map(mark -> mark.getLine() + 1))
                            .orElse(line);
                    problem = yaml(marked);
                }
                case FailedToCreateRouteException route -> {
                    routeId = route.getRouteId();
                    problem = RouteException.text(route);
                }
                case FailedToStartRouteException route -> {
                    routeId = route.getRouteId();
                    problem = RouteException.text(route);
                }
                case ResolveEndpointFailedException resolving -> {
                    endpoint = resolving.getUri();
                    problem = endpoint(resolving);
                }
                case NoSuchEndpointException missing -> {
                    endpoint = missing.getUri();
                    problem = noComponent(endpoint.substring(0, Math.max(0, endpoint.indexOf(':'))));
                }
                case FailedToCreateConsumerException consumer -> endpoint = consumer.getUri();
                case FailedToCreateProducerException producer -> endpoint = producer.getUri();
                default -> problem = RouteException.text(cause);
            }
        }
        return new RouteMistake(problem, line, routeId, endpoint, failure);
    }

    RouteException told(Places places) {
        Place place = places.find(routeId, endpoint);
        if (place == null) {
            return new RouteException(
                    routeId == null ? problem : "route '%s': %s".formatted(routeId, problem), failure);
        }
        return RouteException.at(place.file(), line > 0 ? line : place.line(), problem, failure);
    }

    /** Camel reports an endpoint normalised: without {@code //}, and with its parameters in another order. */
    static boolean sameEndpoint(String written, String reported) {
        return address(written).equals(address(reported)) && parameters(written).equals(parameters(reported));
    }

    private static String address(String uri) {
        int question = uri.indexOf('?');
        return (question < 0 ? uri : uri.substring(0, question)).replace("://", ":");
    }

    private static List<String> parameters(String uri) {
        int question = uri.indexOf('?');
        return question < 0
                ? List.of()
                : Pattern.compile("&")
                        .splitAsStream(uri.substring(question + 1))
                        .sorted()
                        .toList();
    }

    private static String endpoint(ResolveEndpointFailedException resolving) {
        String message = RouteException.text(resolving);
        Matcher unknown = UNKNOWN_PARAMETERS.matcher(message);
        if (unknown.find()) {
            return "the endpoint does not know the parameter %s: correct its name or take it out"
                    .formatted(unknown.group(1));
        }
        Matcher component = NO_COMPONENT.matcher(message);
        if (component.find()) {
            return noComponent(component.group(1));
        }
        return message;
    }

    private static String noComponent(String scheme) {
        return "there is no component '%s': correct the name before the colon, or add the jar of the component to lib/"
                .formatted(scheme);
    }

    private static String yaml(MarkedYamlEngineException marked) {
        String problem = marked.getProblem();
        if (marked instanceof UnsupportedFieldException) {
            return problem + ": correct its name, or indent it under the step it belongs to";
        }
        if (marked instanceof YamlDeserializationException) {
            return problem;
        }
        String context = marked.getContext();
        return "this is not YAML: %s%s: check indentation, colons and quotes here and in the line above"
                .formatted(problem, context == null || context.isBlank() ? "" : " " + context);
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !chain.contains(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }
}
