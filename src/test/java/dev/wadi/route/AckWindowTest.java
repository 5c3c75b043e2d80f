package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.rabbitmq.client.Channel;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckWindowTest {
    private final Broker broker = new Broker();
    private final AckWindow window = new AckWindow(broker.channel(), 100);

    @Test
    void oneAcknowledgementCoversARunOfCompletedDeliveries() {
        List<AckWindow.Slot> slots = deliver(1, 99);
        AckWindow.Slot held = deliver(100);
        slots.forEach(window::completed);

        assertThat(broker.acks).isZero();
        window.tick();
        assertThat(broker.acks).isEqualTo(1);
        assertThat(broker.outstanding).containsExactly(100L);

        window.completed(held);
        window.tick();
        assertThat(broker.outstanding).isEmpty();
    }

    @Test
    void aDeliveryIsNotAcknowledgedBeforeItCompletes() {
        deliver(1, 3);
        window.tick();
        assertThat(broker.outstanding).containsExactly(1L, 2L, 3L);
        assertThat(window.open()).isEqualTo(3);
    }

    @Test
    void aLastDeliveryIsAcknowledgedAtOnce() {
        window.completed(deliver(1));
        assertThat(broker.outstanding).isEmpty();
    }

    @Test
    void aSlowDeliveryHoldsUpNoOther() {
        List<AckWindow.Slot> slots = deliver(1, 10);
        slots.subList(1, 10).forEach(window::completed);
        window.tick();
        assertThat(broker.outstanding).containsExactly(1L);

        window.completed(slots.get(0));
        window.tick();
        assertThat(broker.outstanding).isEmpty();
    }

    @Test
    void whatWasGivenBackIsNeverNamedAgain() {
        List<AckWindow.Slot> slots = deliver(1, 5);
        window.completed(slots.get(0));
        window.giveBack(slots.get(4));
        window.giveBack(slots.get(1));
        window.completed(slots.get(2));
        window.completed(slots.get(3));
        window.tick();

        assertThat(broker.returned).containsExactly(2L, 5L);
        assertThat(broker.outstanding).isEmpty();
        assertThat(broker.acknowledged).containsExactly(1L, 3L, 4L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyDeliveryIsSettledOnceInWhateverOrderTheyEnd(long seed) {
        Random random = new Random(seed);
        List<AckWindow.Slot> open = new ArrayList<>();
        TreeSet<Long> failed = new TreeSet<>();
        long tag = 0;
        int total = 20_000;
        while (tag < total || !open.isEmpty()) {
            int kind = random.nextInt(100);
            if (tag < total && open.size() < 500 && kind < 50) {
                open.add(deliver(++tag));
            } else if (!open.isEmpty() && kind < 98) {
                AckWindow.Slot slot = open.remove(random.nextInt(Math.min(open.size(), 20)));
                if (random.nextInt(50) == 0) {
                    window.giveBack(slot);
                    failed.add(broker.lastReturned);
                } else {
                    window.completed(slot);
                }
            } else if (random.nextInt(200) == 0) {
                window.tick();
            }
        }
        window.tick();

        assertThat(broker.outstanding).as("seed %d", seed).isEmpty();
        assertThat(broker.returned).isEqualTo(failed);
        assertThat(broker.acknowledged).hasSize(total - failed.size());
        assertThat(broker.acks).as("acknowledgements for %d messages", total).isLessThan(total / 2);
    }

    private AckWindow.Slot deliver(long tag) {
        broker.outstanding.add(tag);
        return window.delivered(tag);
    }

    private List<AckWindow.Slot> deliver(long first, long last) {
        List<AckWindow.Slot> slots = new ArrayList<>();
        for (long tag = first; tag <= last; tag++) {
            slots.add(deliver(tag));
        }
        return slots;
    }

    /** A broker's book of one channel, where every tag was delivered: it closes the channel on a tag it does not know. */
    private static final class Broker {
        final TreeSet<Long> outstanding = new TreeSet<>();
        final TreeSet<Long> acknowledged = new TreeSet<>();
        final TreeSet<Long> returned = new TreeSet<>();
        long lastReturned;
        int acks;

        Channel channel() {
            return (Channel) Proxy.newProxyInstance(
                    Channel.class.getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "basicAck" -> ack((long) arguments[0], (boolean) arguments[1]);
                            case "basicNack" -> nack((long) arguments[0], (boolean) arguments[2]);
                            default -> throw new UnsupportedOperationException(method.getName());
                        }
                        return null;
                    });
        }

        private void ack(long tag, boolean multiple) {
            acks++;
            if (!outstanding.contains(tag)) {
                fail("unknown delivery tag " + tag);
            }
            var covered = new TreeSet<>(multiple ? outstanding.headSet(tag, true) : List.of(tag));
            acknowledged.addAll(covered);
            outstanding.removeAll(covered);
        }

        private void nack(long tag, boolean requeue) {
            assertThat(requeue).isTrue();
            if (!outstanding.remove(tag)) {
                fail("unknown delivery tag " + tag);
            }
            returned.add(tag);
            lastReturned = tag;
        }
    }
}
