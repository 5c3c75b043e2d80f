package dev.wadi.route;

import java.util.Collection;

/** A component that says which parameters its endpoints know, so that a wrong one can be told with the right one. */
interface Parameters {
    Collection<String> parameters();
}
