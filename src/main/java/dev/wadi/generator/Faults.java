package dev.wadi.generator;

import dev.wadi.generator.Story.Moment;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;

/** How a story arrives: some events twice, some after their successor, some spoiled. */
final class Faults implements Iterator<SyntheticEvent> {
    /** How many events later, at most, a copy arrives. */
    static final int LATEST_COPY = 200;

    private record Copy(long due, String text) {}

    private final Story story;
    private final Options options;
    private final Random random;

    /** Ready to arrive, in this order. */
    private final Deque<SyntheticEvent> ready = new ArrayDeque<>();
    /** Events that wait for their successor, by thread. */
    private final Map<String, Moment> held = new HashMap<>();

    private final Queue<Copy> copies = new PriorityQueue<>(Comparator.comparingLong(Copy::due));

    /** Moments taken from the story so far. */
    private long moments;

    Faults(Story story, Options options) {
        this.story = story;
        this.options = options;
        this.random = new Random(options.seed() ^ 0xFA_017L);
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public SyntheticEvent next() {
        while (ready.isEmpty()) {
            arrive(story.next());
        }
        return ready.removeFirst();
    }

    private void arrive(Moment moment) {
        moments++;
        boolean spoil = random.nextDouble() < options.malformed();
        boolean copy = random.nextDouble() < options.duplicates();
        boolean hold = random.nextDouble() < options.reordered();
        if (spoil) {
            Story.Spoiling spoiling =
                    story.spoilings().get(random.nextInt(story.spoilings().size()));
            ready.add(new SyntheticEvent(spoiling.spoil(moment.text()), Fault.MALFORMED));
        } else {
            if (copy) {
                copies.add(new Copy(moments + 1 + random.nextInt(LATEST_COPY), moment.text()));
            }
            if (hold && !moment.last() && !held.containsKey(moment.thread())) {
                held.put(moment.thread(), moment);
                return;
            }
            ready.add(new SyntheticEvent(moment.text(), Fault.NONE));
            Moment earlier = held.remove(moment.thread());
            if (earlier != null) {
                ready.add(new SyntheticEvent(earlier.text(), Fault.REORDERED));
            }
        }
        for (Copy next = copies.peek(); next != null && next.due() <= moments; next = copies.peek()) {
            ready.add(new SyntheticEvent(copies.remove().text(), Fault.DUPLICATE));
        }
    }
}
