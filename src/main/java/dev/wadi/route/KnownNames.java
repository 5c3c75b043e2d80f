package dev.wadi.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Collection;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.ExtendedPropertyConfigurerGetter;
import org.apache.camel.support.DefaultRegistry;

/** The names that may stand in a route: what a wrong one is compared with. Looked up only when there is a wrong one. */
interface KnownNames {
    /** Knows nothing. */
    KnownNames NONE = new KnownNames() {};

    /** Schemes of components. */
    default Collection<String> components() {
        return List.of();
    }

    /** Parameters of the endpoints of a component. */
    default Collection<String> parameters(String scheme) {
        return List.of();
    }

    /** Beans by name. */
    default Collection<String> beans() {
        return List.of();
    }

    /** Steps in YAML. */
    default Collection<String> steps() {
        return List.of();
    }

    /** Properties of anything in YAML. */
    default Collection<String> words() {
        return List.of();
    }

    /** What a context knows. */
    static KnownNames of(CamelContext camel) {
        return new KnownNames() {
            @Override
            public Collection<String> components() {
                Set<String> names = new TreeSet<>(camel.getComponentNames());
                if (camel.getCamelContextExtension().getContextPlugin(ComponentResolver.class)
                        instanceof Components own) {
                    names.addAll(own.names());
                }
                names.addAll(onClassPath(camel.getApplicationContextClassLoader()));
                return names;
            }

            @Override
            public Collection<String> parameters(String scheme) {
                Component component = camel.getComponent(scheme, true, false);
                if (component instanceof Parameters ours) {
                    return ours.parameters();
                }
                return component != null
                                && component.getEndpointPropertyConfigurer()
                                        instanceof ExtendedPropertyConfigurerGetter options
                        ? options.getAllOptions(null).keySet()
                        : List.of();
            }

            @Override
            public Collection<String> beans() {
                Set<String> names = new TreeSet<>();
                if (camel.getRegistry() instanceof DefaultRegistry registry && registry.getRepositories() != null) {
                    for (BeanRepository repository : registry.getRepositories()) {
                        if (repository instanceof MicronautBeans ours) {
                            names.addAll(ours.names());
                        }
                    }
                }
                return names;
            }

            @Override
            public Collection<String> steps() {
                return inYaml("org.apache.camel.model.ProcessorDefinition");
            }

            @Override
            public Collection<String> words() {
                return inYaml("");
            }
        };
    }

    /** Each jar of components lists them in a file. */
    private static Set<String> onClassPath(ClassLoader given) {
        ClassLoader loader = given == null ? KnownNames.class.getClassLoader() : given;
        Set<String> names = new TreeSet<>();
        try {
            Enumeration<URL> lists = loader.getResources("META-INF/services/org/apache/camel/component.properties");
            while (lists.hasMoreElements()) {
                try (InputStream list = lists.nextElement().openStream()) {
                    Properties properties = new Properties();
                    properties.load(list);
                    names.addAll(Arrays.asList(
                            properties.getProperty("components", "").split(" ")));
                }
            }
        } catch (IOException e) {
            return names;
        }
        return names;
    }

    /** From the schema that Camel ships for editors: the properties of what has a name that begins so. */
    private static Set<String> inYaml(String of) {
        Set<String> words = new TreeSet<>();
        try (InputStream schema = KnownNames.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            if (schema != null) {
                for (Map.Entry<String, JsonNode> definition : new ObjectMapper()
                        .readTree(schema)
                        .path("items")
                        .path("definitions")
                        .properties()) {
                    if (definition.getKey().startsWith(of)) {
                        definition.getValue().path("properties").fieldNames().forEachRemaining(words::add);
                    }
                }
            }
        } catch (IOException e) {
            return words;
        }
        return words;
    }
}
