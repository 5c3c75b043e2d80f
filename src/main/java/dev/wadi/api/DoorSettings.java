package dev.wadi.api;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How much the events door takes in at once.
 *
 * @param maxPending requests that may wait for the broker at the same time; one more is answered 429
 * @param maxPendingBytes bytes, ungzipped, that these requests may hold together; the heap needs about three times as
 *     much while they are decoded
 * @param confirmTimeout how long a request waits for the broker before it is answered 503
 */
@ConfigurationProperties("wadi.door")
record DoorSettings(
        @Bindable(defaultValue = "2000") int maxPending,
        @Bindable(defaultValue = "67108864") long maxPendingBytes,
        @Bindable(defaultValue = "30s") Duration confirmTimeout) {
    DoorSettings {
        if (maxPending < 1) {
            throw new IllegalArgumentException(
                    "wadi.door.max-pending is %d, so no event could come in: set it to 1 or more"
                            .formatted(maxPending));
        }
        if (maxPendingBytes < 1) {
            throw new IllegalArgumentException(
                    "wadi.door.max-pending-bytes is %d, so no event could come in: set it to a number of bytes above 0"
                            .formatted(maxPendingBytes));
        }
        if (!confirmTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "wadi.door.confirm-timeout is %s, so no request could succeed: set it to a time such as 30s"
                            .formatted(confirmTimeout));
        }
    }
}
