package dev.wadi.route;

import io.micronaut.context.DefaultApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.inject.BeanDefinitionReference;
import java.util.List;
import java.util.Map;

/** The application's beans, none of which is made before it is asked for: no route starts, no table is kept in order. */
final class BeansAtRest extends DefaultApplicationContext {
    private static final String OURS = "dev.wadi.";

    /** @param properties beside those of the environment */
    BeansAtRest(Map<String, Object> properties) {
        super("at-rest");
        getEnvironment().addPropertySource(PropertySource.of("at rest", properties, Integer.MAX_VALUE));
    }

    @Override
    protected List<BeanDefinitionReference> resolveBeanDefinitionReferences() {
        return super.resolveBeanDefinitionReferences().stream()
                .filter(bean -> !startsByItself(bean))
                .toList();
    }

    private static boolean startsByItself(BeanDefinitionReference<?> bean) {
        String name = bean.getBeanDefinitionName().replace(".$", ".");
        return name.startsWith(OURS)
                && (bean.isContextScope() || name.startsWith(RouteLifecycle.class.getName()));
    }
}
