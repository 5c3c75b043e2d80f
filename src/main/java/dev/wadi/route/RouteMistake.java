package dev.wadi.route;

import dev.wadi.yaml.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * What is wrong with a route, found in the chain of exceptions that Camel wraps around it, with what to write instead.
 *
 * @param problem with its cure
 * @param line in the file, from 1; 0 when the chain does not say
 * @param word that is wrong, as it stands in the file; null when it is no single word
 */
record RouteMistake(String problem, int line, @Nullable String word) {
    private static final Pattern UNKNOWN_PARAMETERS = Pattern.compile("Unknown parameters=\\[\\{(.*)}]");
    private static final Pattern NO_COMPONENT = Pattern.compile("No component found with scheme: (\\S+)");
    private static final Pattern UNSUPPORTED = Pattern.compile("Unsupported field: (\\S+)");
    private static final Pattern UNKNOWN_STEP = Pattern.compile("Unknown node id: (\\S+)");
    private static final Pattern NO_PLACEHOLDER = Pattern.compile("Property with key \\[(.+?)] not found");

    static RouteMistake of(Throwable failure) {
        return of(failure, KnownNames.NONE);
    }

    /** @param known suggests what was meant */
    static RouteMistake of(Throwable failure, KnownNames known) {
        RouteMistake found = new RouteMistake(RouteException.text(failure), 0, null);
        for (Throwable cause : chain(failure)) {
            found = found.followedBy(one(cause, known));
            if (cause instanceof TypeConversionException || cause instanceof NoSuchBeanException) {
                break; // what is below is how Java says it
            }
        }
        return found;
    }

    /** What a cause tells; the line stays when it does not know a better one. */
    private RouteMistake followedBy(RouteMistake cause) {
        return new RouteMistake(cause.problem, cause.line > 0 ? cause.line : line, cause.word);
    }

    private static RouteMistake one(Throwable cause, KnownNames known) {
        return switch (cause) {
            case RouteException told -> new RouteMistake(RouteException.text(told), told.line(), null);
            case MarkedYamlEngineException marked -> yaml(marked, known);
            case NoSuchEndpointException missing -> component(scheme(missing.getUri()), known);
            case ResolveEndpointFailedException resolving -> endpoint(resolving, known);
            case NoSuchBeanException missing -> bean(String.valueOf(missing.getName()), known);
            case NoSuchLanguageException missing ->
                word(
                        missing.getLanguage(),
                        "there is no expression language '%s': write simple, constant or header"
                                .formatted(missing.getLanguage()));
            case TypeConversionException conversion -> value(conversion);
            default -> other(cause);
        };
    }

    private static RouteMistake other(Throwable cause) {
        String text = RouteException.text(cause);
        Matcher placeholder = NO_PLACEHOLDER.matcher(text);
        if (placeholder.find()) {
            String key = placeholder.group(1);
            return word(
                    key,
                    "nothing sets {{%s}}: set it in the environment or in application.yml, or give a default with {{%s:VALUE}}"
                            .formatted(key, key));
        }
        if (text.contains("has no output processors") || text.contains("has no outputs")) {
            return word(
                    null,
                    "the route has no steps: write under `steps:` what is done, such as `- to: delta:bronze.STREAM`");
        }
        return word(null, text);
    }

    private static RouteMistake word(@Nullable String word, String problem) {
        return new RouteMistake(problem, 0, word);
    }

    private static RouteMistake bean(String name, KnownNames known) {
        return word(
                name,
                "there is no bean '%s': %s"
                        .formatted(name, cure(name, known.beans(), "define it under `- beans:` in this file")));
    }

    private static RouteMistake value(TypeConversionException conversion) {
        String value = String.valueOf(conversion.getValue());
        String type = switch (conversion.getToType().getSimpleName()) {
            case "Integer", "int", "Long", "long" -> "a whole number";
            case "Boolean", "boolean" -> "true or false";
            case "Duration" -> "a time, such as 5000 (milliseconds) or 5s";
            case String other -> "a " + other;
        };
        return word(value, "the value '%s' does not fit: write %s".formatted(value, type));
    }

    private static RouteMistake endpoint(ResolveEndpointFailedException resolving, KnownNames known) {
        String message = RouteException.text(resolving);
        Matcher unknown = UNKNOWN_PARAMETERS.matcher(message);
        if (unknown.find()) {
            String written = unknown.group(1);
            String name = written.split("=", 2)[0];
            return word(
                    name,
                    "the endpoint does not know the parameter %s: %s"
                            .formatted(
                                    written,
                                    cure(
                                            name,
                                            known.parameters(scheme(resolving.getUri())),
                                            "correct its name or take it out")));
        }
        Matcher component = NO_COMPONENT.matcher(message);
        if (component.find()) {
            return component(component.group(1), known);
        }
        return word(null, message);
    }

    private static RouteMistake component(String scheme, KnownNames known) {
        String near = Spelling.nearest(scheme, known.components());
        return word(
                scheme + ":",
                "there is no component '%s': %s"
                        .formatted(
                                scheme,
                                near == null
                                        ? "correct the name before the colon, or add the jar of the component to lib/"
                                        : "write %s:, or add the jar of the component to lib/".formatted(near)));
    }

    private static RouteMistake yaml(MarkedYamlEngineException marked, KnownNames known) {
        int line = marked.getProblemMark()
                .map(mark -> mark.getLine() + 1)
                .or(() -> marked.getContextMark().map(mark -> mark.getLine() + 1))
                .orElse(0);
        String problem = marked.getProblem();
        Matcher field = UNSUPPORTED.matcher(problem);
        if (field.find()) {
            return new RouteMistake(misplaced(problem, Spelling.nearest(field.group(1), known.words())), line, null);
        }
        Matcher step = UNKNOWN_STEP.matcher(problem);
        if (step.find()) {
            String name = step.group(1);
            return new RouteMistake(
                    misplaced("there is no step '%s'".formatted(name), Spelling.nearest(name, known.steps())),
                    line,
                    null);
        }
        if (marked instanceof YamlDeserializationException) {
            return new RouteMistake(problem, line, null);
        }
        String context = marked.getContext();
        return new RouteMistake(
                "this is not YAML: %s%s: check indentation, colons and quotes here and in the line above"
                        .formatted(problem, context == null || context.isBlank() ? "" : " " + context),
                line,
                null);
    }

    private static String misplaced(String problem, @Nullable String near) {
        return "%s: %s, or indent it under the step it belongs to"
                .formatted(problem, near == null ? "correct its name" : "write " + near);
    }

    private static String cure(String written, Collection<String> known, String otherwise) {
        String near = Spelling.nearest(written, known);
        if (near != null) {
            return "write %s, or take it out".formatted(near);
        }
        return known.isEmpty()
                ? otherwise
                : "%s; there are %s".formatted(otherwise, String.join(", ", new TreeSet<>(known)));
    }

    private static String scheme(String uri) {
        return uri.substring(0, Math.max(0, uri.indexOf(':')));
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !chain.contains(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }
}
