package dev.wadi.generator;

import dev.wadi.generator.Story.Moment;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;

/** How a story arrives: some events twice, some after their successor or much later, some with a rival, some spoiled. */
final class Faults implements Iterator<SyntheticEvent> {
    /** How many events later, at most, a copy or a rival arrives. */
    static final int LATEST_COPY = 200;
    /** How many events later a late one arrives. */
    static final int SOONEST_LATE = 1_000;

    static final int LATEST_LATE = 20_000;

    private static final String DRIFT = ",\"loyalty_tier\":\"gold\"}";

    private record Due(long at, SyntheticEvent event) {}

    private final Story story;
    private final Options options;
    private final Random random;

    /** Ready to arrive, in this order. */
    private final Deque<SyntheticEvent> ready = new ArrayDeque<>();
    /** Events that wait for their successor, by thread. */
    private final Map<String, Moment> held = new HashMap<>();
    /** Events that wait for their time. */
    private final Queue<Due> waiting = new PriorityQueue<>(Comparator.comparingLong(Due::at));

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

    private void arrive(Moment told) {
        moments++;
        boolean spoil = random.nextDouble() < options.malformed();
        boolean copy = random.nextDouble() < options.duplicates();
        boolean hold = random.nextDouble() < options.reordered();
        if (spoil) {
            Story.Spoiling spoiling =
                    story.spoilings().get(random.nextInt(story.spoilings().size()));
            ready.add(new SyntheticEvent(spoiling.spoil(told.text()), Fault.MALFORMED));
        } else {
            Moment moment = changed(told);
            if (copy) {
                soon(moment.text(), Fault.DUPLICATE);
            }
            if (chance(options.late())) {
                long at = moments + SOONEST_LATE + random.nextInt(LATEST_LATE - SOONEST_LATE);
                waiting.add(new Due(at, new SyntheticEvent(moment.text(), Fault.LATE)));
            } else if (hold && !moment.last() && !held.containsKey(moment.thread())) {
                held.put(moment.thread(), moment);
                return;
            } else {
                ready.add(new SyntheticEvent(moment.text(), Fault.NONE));
            }
            Moment earlier = held.remove(moment.thread());
            if (earlier != null) {
                ready.add(new SyntheticEvent(earlier.text(), Fault.REORDERED));
            }
        }
        for (Due next = waiting.peek(); next != null && next.at() <= moments; next = waiting.peek()) {
            ready.add(waiting.remove().event());
        }
    }

    /** The moment with nulls and fields of its own; and its rival is on the way. */
    private Moment changed(Moment moment) {
        if (chance(options.ties())) {
            soon(story.tie().spoil(moment.text()), Fault.TIED);
        }
        String text = moment.text();
        if (chance(options.nulls())) {
            text = withNull(text);
        }
        if (chance(options.drift())) {
            text = text.substring(0, text.length() - 1) + DRIFT;
        }
        return new Moment(moment.thread(), text, moment.last());
    }

    /** A rate of zero draws no number: the other faults stay where they were. */
    private boolean chance(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private void soon(String text, Fault fault) {
        waiting.add(new Due(moments + 1 + random.nextInt(LATEST_COPY), new SyntheticEvent(text, fault)));
    }

    /** The text with null in one field; as it was when the event lacks the field. */
    private String withNull(String text) {
        List<String> fields = story.optional();
        String field = fields.get(random.nextInt(fields.size()));
        int at = text.indexOf(field);
        if (at < 0) {
            return text;
        }
        int begin = at + field.length();
        int end = begin + 1;
        if (text.charAt(begin) == '"') {
            end = text.indexOf('"', end) + 1;
        } else {
            while (text.charAt(end) != ',' && text.charAt(end) != '}') {
                end++;
            }
        }
        return text.substring(0, begin) + "null" + text.substring(end);
    }
}
