package dev.wadi.merge;

import dev.wadi.contract.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * In which version of a table the messages are that came last. Only messages whose position is a UUID are remembered: those
 * have a receipt.
 */
public final class Arrivals {
    private static final int KEPT = 65_536;
    private static final int UUID_LENGTH = 36;
    private static final int[] DASHES = {8, 13, 18, 23};

    private final Map<String, Arrival> arrivals = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Arrival> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * Where a message is.
     *
     * @param version the first that is known to hold its events, or to have refused them
     */
    public record Arrival(TableName table, long version) {}

    /**
     * Where the events of a receipt are; empty when no commit of this process holds them, or it is long ago.
     *
     * @param receipt as a door gave it: a message's id, with {@code #} and a number when the message had others too
     */
    public synchronized Optional<Arrival> find(String receipt) {
        return Optional.ofNullable(arrivals.get(message(receipt)));
    }

    /** The id of the message that a receipt is about. */
    public static String message(String receipt) {
        int part = receipt.indexOf('#');
        return part < 0 ? receipt : receipt.substring(0, part);
    }

    synchronized void note(TableName table, long version, List<TableIntake.Part> parts) {
        for (TableIntake.Part part : parts) {
            String position = part.delivery().position();
            if (isUuid(position)) {
                arrivals.put(position, new Arrival(table, version));
            }
        }
    }

    private static boolean isUuid(String position) {
        if (position.length() != UUID_LENGTH) {
            return false;
        }
        for (int dash : DASHES) {
            if (position.charAt(dash) != '-') {
                return false;
            }
        }
        return true;
    }
}
