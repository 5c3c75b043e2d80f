package dev.wadi.route;

import io.micronaut.context.BeanContext;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.qualifiers.Qualifiers;
import jakarta.inject.Named;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Component;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;

/**
 * The beans that routes may use: those with an explicit {@link Named}. Everything else stays out of their reach; asked for
 * any object of a name, Micronaut would also offer its own serialisers.
 */
final class MicronautBeans implements BeanRepository {
    private final BeanContext beans;
    private final boolean ownComponents;

    /**
     * @param ownComponents whether components are made for this registry's context instead of shared: one belongs to one
     *     context, and those of the context that runs must stay as they are
     */
    MicronautBeans(BeanContext beans, boolean ownComponents) {
        this.beans = beans;
        this.ownComponents = ownComponents;
    }

    /** The names of all beans, none of which is made for it. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (BeanDefinition<?> definition : beans.getAllBeanDefinitions()) {
            name(definition).ifPresent(names::add);
        }
        return names;
    }

    @Override
    public @Nullable Object lookupByName(String name) {
        for (BeanDefinition<?> definition : beans.getAllBeanDefinitions()) {
            if (name(definition).filter(name::equals).isPresent() && definition.isEnabled(beans)) {
                return ownComponents && Component.class.isAssignableFrom(definition.getBeanType())
                        ? beans.createBean(definition.getBeanType(), Qualifiers.byName(name))
                        : beans.getBean(definition);
            }
        }
        return null;
    }

    @Override
    public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
        if (type == Object.class) {
            return type.cast(lookupByName(name));
        }
        return beans.findBean(type, Qualifiers.byName(name)).orElse(null);
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        Map<String, T> found = new LinkedHashMap<>();
        for (BeanDefinition<T> definition : beans.getBeanDefinitions(type)) {
            name(definition).ifPresent(name -> found.put(name, beans.getBean(definition)));
        }
        return found;
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return new LinkedHashSet<>(findByTypeWithName(type).values());
    }

    private static Optional<String> name(BeanDefinition<?> definition) {
        return definition.stringValue(Named.class);
    }
}
