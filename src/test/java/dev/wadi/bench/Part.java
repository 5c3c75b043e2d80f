package dev.wadi.bench;

import java.util.List;

/** One promise, measured. */
@FunctionalInterface
interface Part {
    List<Figure> measure(Subject subject) throws Exception;
}
