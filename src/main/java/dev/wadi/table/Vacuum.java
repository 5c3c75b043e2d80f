package dev.wadi.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wadi.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Deletes the files in a table's folder that nobody needs any more.
 *
 * <p>A file is needed when the newest version has it, when a version within the retention had it, or when a reader in this
 * process holds a version that has it. Of the others, those go that the log says were removed before the retention, and
 * those that are older than both the retention and the safety age. A younger file that no log entry names may be an
 * uncommitted write, of any process.
 */
final class Vacuum {
    /** What a crash leaves of a file that was not in its place yet. */
    private static final Pattern DRAFT = Pattern.compile("\\..*\\.[0-9a-f-]{36}\\.tmp");

    private final TablePlace place;
    private final TableSnapshot newest;
    private final Holds holds;
    private final Duration retention;
    private final long cutoff;
    private final long youngest;
    private final Set<String> needed = new HashSet<>();
    private final Set<String> removed = new HashSet<>();
    /** What the versions within the retention remember: names the files in {@code _wadi}. */
    private final List<String> remembered = new ArrayList<>();
    /** What the last commit before the retention remembered. */
    private String before = "";

    Vacuum(TablePlace place, TableSnapshot newest, Holds holds, Duration retention, Duration safetyAge) {
        long now = System.currentTimeMillis();
        this.place = place;
        this.newest = newest;
        this.holds = holds;
        this.retention = retention;
        this.cutoff = now - retention.toMillis();
        this.youngest = now - Math.max(retention.toMillis(), safetyAge.toMillis());
    }

    /** Deletes the files that may go. Who comes for one when it is gone is told so by {@link DeltaTable#hold}. */
    Vacuumed run(boolean dryRun) throws IOException {
        List<String> gone = new ArrayList<>();
        long bytes = 0;
        int kept = 0;
        for (Store.Entry file : candidates()) {
            String path = relative(place.folder(), file.path());
            boolean deleted = holds.unlessRead(path, () -> {
                if (!dryRun) {
                    place.store().delete(file.path());
                }
            });
            if (deleted) {
                gone.add(path);
                bytes += file.bytes();
            } else {
                kept++;
            }
        }
        return new Vacuumed(place.name(), newest.version(), retention, List.copyOf(gone), bytes, kept, dryRun);
    }

    /** The files that may go, as a listing has them; data files that somebody reads are told apart when it comes to deleting. */
    private List<Store.Entry> candidates() throws IOException {
        need(newest);
        holds.snapshots().forEach(reader -> remembered.addAll(reader.domains().values()));
        readLog();
        Set<String> partitions = newest.columns().stream()
                .filter(column -> newest.partitionColumns().contains(column.name()))
                .map(column -> column.physicalName() + "=")
                .collect(Collectors.toSet());
        List<Store.Entry> candidates = new ArrayList<>();
        for (Store.Entry file : place.store().files(place.folder())) {
            String path = relative(place.folder(), file.path());
            if (mayGo(path, file.modified(), partitions)) {
                candidates.add(file);
            }
        }
        return candidates;
    }

    private boolean mayGo(String path, long modified, Set<String> partitions) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.startsWith(".")) {
            return DRAFT.matcher(name).matches() && modified < youngest;
        }
        String folder = path.indexOf('/') < 0 ? "" : path.substring(0, path.indexOf('/'));
        if (folder.equals("_wadi")) {
            return modified < youngest && remembered.stream().noneMatch(text -> text.contains(name));
        }
        if (foreign(path, partitions) || needed.contains(path)) {
            return false;
        }
        return modified < youngest || removed.contains(path);
    }

    /** Whether a folder on the way belongs to somebody else: its name begins with {@code _} or a dot. */
    private static boolean foreign(String path, Set<String> partitions) {
        String[] parts = path.split("/", -1);
        for (int index = 0; index < parts.length; index++) {
            String part = parts[index];
            boolean hidden = part.startsWith("_") || part.startsWith(".");
            if (hidden && (index == parts.length - 1 || partitions.stream().noneMatch(part::startsWith))) {
                return true;
            }
        }
        return false;
    }

    private void need(TableSnapshot snapshot) {
        needed.addAll(paths(snapshot));
        remembered.addAll(snapshot.domains().values());
    }

    /** What was removed within the retention was in a version within the retention; what was removed before, was not. */
    private void readLog() throws IOException {
        TableLog log = TableLog.list(place.store(), place.folder());
        for (TableLog.Entry entry : log.entries()) {
            boolean within = entry.timestamp() > cutoff || entry.version() > newest.version();
            try {
                log.scan(entry, action -> {
                    look(action, within);
                    return true;
                });
            } catch (NoSuchFileException e) {
                // cleaned up while we read: what it removed is told apart by age
            }
        }
        remembered.add(before);
    }

    private void look(JsonNode action, boolean within) {
        JsonNode remove = action.path("remove");
        JsonNode add = action.path("add");
        (within ? needed : removed).addAll(files(newest.folder(), remove));
        String remembers = action.path("domainMetadata").path("configuration").asText("");
        if (within) {
            // A commit after the newest version that we know may have added what we took for nobody's.
            needed.addAll(files(newest.folder(), add));
            remembered.add(remembers);
        } else if (!remembers.isEmpty()) {
            before = remembers;
        }
    }

    private static Set<String> files(String folder, JsonNode file) {
        if (!file.isObject()) {
            return Set.of();
        }
        Set<String> paths = new HashSet<>();
        paths.add(local(folder, file.path("path").asText()));
        JsonNode vector = file.path("deletionVector");
        if (vector.isObject()) {
            KernelActions.location(
                            folder,
                            new DeletionVector(
                                    vector.path("storageType").asText(),
                                    vector.path("pathOrInlineDv").asText(),
                                    null,
                                    vector.path("sizeInBytes").asInt(),
                                    vector.path("cardinality").asLong()))
                    .ifPresent(path -> paths.add(relative(folder, path)));
        }
        return paths;
    }

    /** Whether a commit took out a file that is not there any more, so that no version before it can be read. */
    static boolean removesWhatIsGone(TablePlace place, TableLog log, TableLog.Entry entry) throws IOException {
        boolean[] gone = {false};
        try {
            log.scan(entry, action -> {
                gone[0] = files(place.folder(), action.path("remove")).stream().anyMatch(path -> !place.has(path));
                return !gone[0];
            });
        } catch (NoSuchFileException e) {
            return true;
        }
        return gone[0];
    }

    private static String relative(String folder, String path) {
        return path.startsWith(folder + "/") ? path.substring(folder.length() + 1) : path;
    }

    /** Paths in the log are URIs. */
    private static String local(String folder, String path) {
        String decoded = URI.create(path).getPath();
        return relative(folder, decoded == null ? path : decoded);
    }

    /** Data files and vectors of a version, relative to the table's folder. */
    static Set<String> paths(TableSnapshot snapshot) {
        Set<String> paths = new HashSet<>();
        for (DataFile file : snapshot.files().values()) {
            paths.addAll(paths(snapshot.folder(), file));
        }
        return paths;
    }

    /** A data file and its vector, relative to the table's folder. */
    static List<String> paths(String folder, DataFile file) {
        List<String> paths = new ArrayList<>();
        paths.add(local(folder, file.path()));
        DeletionVector vector = file.vector();
        if (vector != null) {
            KernelActions.location(folder, vector).ifPresent(path -> paths.add(relative(folder, path)));
        }
        return paths;
    }
}
