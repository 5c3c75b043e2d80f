package dev.wadi.api;

import dev.wadi.route.RouteException;
import dev.wadi.route.Routes;
import java.util.List;
import java.util.Optional;

/** The routes: how they are, and starting and stopping them. */
interface RouteDesk {
    /** In the order of their ids. */
    List<Routes.Status> list();

    /** @throws Routes.UnknownRouteException when there is none of that id */
    Routes.Status get(String id);

    /**
     * @throws Routes.UnknownRouteException when there is none of that id
     * @throws RouteException when it does not start
     */
    Routes.Status start(String id);

    /** @throws Routes.UnknownRouteException when there is none of that id */
    Routes.Status stop(String id);

    /** What is wrong with the files of routes; empty when what they say is what runs. */
    Optional<Routes.Problem> problem();
}
