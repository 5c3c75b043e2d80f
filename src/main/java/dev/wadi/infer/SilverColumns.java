package dev.wadi.infer;

import dev.wadi.contract.EventShape.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the silver table of a stream is to be: its columns, which of them is the key and which orders the events of a key. */
final class SilverColumns {
    private static final Pattern CHANGED =
            Pattern.compile("(?i).*(sequence|seq|event_?time|timestamp|occurred|created).*|ts");
    private static final List<String> TAKEN = List.of("source", "position", "received_at");

    private final String stream;
    private final Sample sample;
    private final List<Place> places = new ArrayList<>();
    private final Optional<Place> key;
    private final Optional<Place> sequence;

    SilverColumns(String stream, Sample sample) {
        this.stream = stream;
        this.sample = sample;
        collect(sample.whole(), List.of(), true, new HashSet<>(TAKEN));
        Optional<Place> named = findKey();
        Optional<Place> ordering = named.flatMap(this::findSequence);
        // a key of several events, and nothing that orders them, is no key
        this.key = named.filter(place -> place.guess().distinct() || ordering.isPresent());
        this.sequence = key.isEmpty() ? Optional.empty() : ordering;
    }

    List<Place> places() {
        return places;
    }

    /** Empty when no field is fit: then an event is told by its id in bronze. */
    Optional<Place> key() {
        return key;
    }

    Optional<Place> sequence() {
        return sequence;
    }

    boolean isKey(Place place) {
        return key.equals(Optional.of(place));
    }

    boolean isSequence(Place place) {
        return sequence.equals(Optional.of(place));
    }

    private void collect(Guess object, List<String> path, boolean always, Set<String> taken) {
        for (Guess field : object.fields.values()) {
            List<String> way =
                    Stream.concat(path.stream(), Stream.of(field.name)).toList();
            boolean there = always && field.always(object == sample.whole() ? sample.events() : object.filled());
            if (field.hasFields()) {
                collect(field, way, there, taken);
            } else if (!field.unseen()) {
                String column = column(way);
                while (!taken.add(column)) {
                    column += "_2";
                }
                places.add(new Place(way, column, field, there));
            }
        }
    }

    private static String column(List<String> path) {
        String name = String.join("_", path)
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_]", "_");
        return name.matches("[a-z_].*") ? name : "_" + name;
    }

    private Optional<Place> findKey() {
        List<Place> ids = places.stream()
                .filter(place -> place.always()
                        && (place.guess().type() == Type.STRING
                                        && !place.guess().mixed()
                                || place.guess().type() == Type.INTEGER)
                        && place.column().matches("(.*_)?(id|key|uuid|code|number|no)"))
                .toList();
        String singular = stream.replaceFirst("ies$", "y").replaceFirst("s$", "");
        Optional<Place> own = ids.stream()
                .filter(place -> place.column().equals("id") || place.column().equals(singular + "_id"))
                .findFirst();
        return own.or(
                () -> ids.stream().filter(place -> place.guess().distinct()).findFirst());
    }

    /** What orders the events of a key: looked for in every field when they are several, else only by the name of a change. */
    private Optional<Place> findSequence(Place key) {
        List<Place> times = places.stream()
                .filter(place -> place.always()
                        && (place.guess().type() == Type.TIMESTAMP
                                || place.guess().type() == Type.INTEGER
                                        && place.column().matches("(.*_)?(version|sequence|seq|revision)")))
                .filter(place -> !key.equals(place))
                .toList();
        Optional<Place> changed = times.stream()
                .filter(place -> place.column().matches("(.*_)?(updated|modified|changed|version|revision).*"))
                .findFirst();
        if (changed.isPresent() || key.guess().distinct()) {
            return changed;
        }
        return times.stream()
                .filter(place -> CHANGED.matcher(place.column()).matches())
                .findFirst()
                .or(() -> times.stream().findFirst());
    }
}
