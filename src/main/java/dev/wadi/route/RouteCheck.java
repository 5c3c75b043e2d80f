package dev.wadi.route;

import dev.wadi.contract.Contracts;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.QueryCheck;
import dev.wadi.yaml.Mistakes;
import java.nio.file.Path;
import java.util.Map;

/** Finds what is wrong with the routes of a folder, without a lake, a broker or anything else that runs. */
public final class RouteCheck {
    private RouteCheck() {}

    /**
     * @param properties what <code>{{key}}</code> may be, beside the environment and application.yml
     * @return the number of routes without a mistake
     */
    public static int run(
            Path folder, Contracts contracts, DuckDb duckDb, Map<String, Object> properties, Mistakes mistakes) {
        RouteFolder files;
        try {
            files = new RouteFolder(folder);
        } catch (RouteException e) {
            mistakes.add(
                    folder,
                    0,
                    "there is no such folder: make it, or set WADI_ROUTES_DIR to the one that holds the routes");
            return 0;
        }
        Tables tables = new ContractTables(contracts, new QueryCheck(duckDb, contracts));
        try (BeansAtRest beans = new BeansAtRest(properties, tables)) {
            beans.start();
            RouteContexts contexts = new RouteContexts(
                    beans,
                    tables,
                    beans.getProperty("rabbitmq.uri", String.class).orElse(RabbitMqComponent.URI));
            return new RouteTrial(contexts::makeForTrial, tables)
                    .run(files.read(mistakes), mistakes)
                    .size();
        }
    }
}
