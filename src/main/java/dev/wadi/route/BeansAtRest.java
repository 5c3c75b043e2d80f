package dev.wadi.route;

import io.micronaut.context.DefaultApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.inject.BeanDefinitionReference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The application's beans, none of which is made before it is asked for: no route starts, no table is kept in order. */
final class BeansAtRest extends DefaultApplicationContext {
    private static final String OURS = "dev.wadi.";

    private final @Nullable Tables tables;

    /**
     * @param properties beside those of the environment
     * @param tables what routes know of tables; null for those of the lake
     */
    BeansAtRest(Map<String, Object> properties, @Nullable Tables tables) {
        super("at-rest");
        this.tables = tables;
        if (tables != null) {
            registerSingleton(Tables.class, tables);
        }
        getEnvironment().addPropertySource(PropertySource.of("at rest", properties, Integer.MAX_VALUE));
    }

    @Override
    protected List<BeanDefinitionReference> resolveBeanDefinitionReferences() {
        return super.resolveBeanDefinitionReferences().stream()
                .filter(bean -> !isLeftOut(bean))
                .toList();
    }

    private boolean isLeftOut(BeanDefinitionReference<?> bean) {
        String name = bean.getBeanDefinitionName().replace(".$", ".");
        if (tables != null && name.startsWith(LakeTables.class.getName())) {
            return true;
        }
        return name.startsWith(OURS) && (bean.isContextScope() || name.startsWith(RouteLifecycle.class.getName()));
    }
}
