package dev.wadi.kafka;

import dev.wadi.route.Lag;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** {@code from: kafka:}: one {@link Poller} for each of {@code consumersCount}. */
final class DoorConsumer extends DefaultConsumer implements Suspendable, Lag.Known {
    private final DoorEndpoint endpoint;
    private final KafkaDoor door;
    private final List<Poller> pollers = new CopyOnWriteArrayList<>();

    DoorConsumer(DoorEndpoint endpoint, KafkaDoor door, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.door = door;
    }

    @Override
    public DoorEndpoint getEndpoint() {
        return endpoint;
    }

    /** Records of its partitions that the table does not have yet. */
    @Override
    public @Nullable Lag lag() {
        long behind = 0;
        for (Poller poller : pollers) {
            Long one = poller.behind();
            if (one == null) {
                return null;
            }
            behind += one;
        }
        return pollers.isEmpty() ? null : new Lag(behind, "records");
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        KafkaConfiguration options = endpoint.getConfiguration();
        for (int i = 0; i < options.getConsumersCount(); i++) {
            String name = options.getConsumersCount() == 1
                    ? "%s of %s".formatted(options.getTopic(), getRouteId())
                    : "%s of %s, %d".formatted(options.getTopic(), getRouteId(), i + 1);
            Poller poller = new Poller(name, this);
            pollers.add(poller);
            door.opened(name, poller::state);
            poller.start();
        }
    }

    @Override
    protected void doSuspend() {
        pollers.forEach(poller -> poller.drain(true));
    }

    @Override
    protected void doResume() {
        pollers.forEach(poller -> poller.drain(false));
    }

    @Override
    protected void doStop() throws Exception {
        doSuspend();
        pollers.forEach(Poller::askToStop);
        for (Poller poller : pollers) {
            poller.close();
            door.closed(poller.name());
        }
        pollers.clear();
        super.doStop();
    }
}
