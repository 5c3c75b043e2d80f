/**
 * How Wadi gets to those who run it: the Helm chart and the workflows, as far as they can be checked without a cluster and without
 * GitHub. Helm's own code renders the chart for a matrix of values, and everything it renders is read into the typed models of
 * Kubernetes, the Prometheus operator and Strimzi: {@link dev.wadi.delivery.Rendered} first.
 */
@NullMarked
package dev.wadi.delivery;

import org.jspecify.annotations.NullMarked;
