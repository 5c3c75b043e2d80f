package dev.wadi.table;

import dev.wadi.contract.TableName;
import io.delta.kernel.exceptions.InvalidTableException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is said when a table cannot be read or written: table and version, what is wrong, what to do. All in one place, so
 * that the texts are of one kind and tested.
 */
public final class TableErrors {
    private TableErrors() {}

    /** @param version null for the newest */
    static TableException notLoaded(TableName table, @Nullable Long version, String folder, Throwable cause) {
        String problem =
                "%s%s cannot be read from %s: ".formatted(table, version == null ? "" : " version " + version, folder);
        return new TableException(problem + causeAndCure(cause), cause);
    }

    private static String causeAndCure(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof UnsupportedTableFeatureException unknown) {
                return feature(unknown);
            }
            if (each instanceof UnsupportedProtocolVersionException unknown) {
                return message(unknown)
                        + ". Read it with the engine that wrote it, or with a Wadi that knows this version of the protocol";
            }
            if (each instanceof InvalidTableException) {
                return message(each).replaceFirst("^Invalid table found at .*?: ", "")
                        + ". `_delta_log` there must hold every entry since the last good checkpoint: put what is missing back from a backup";
            }
            if (each instanceof DamagedLogException damaged) {
                return message(damaged);
            }
        }
        if (full(cause)) {
            return disk(cause);
        }
        return rootMessage(cause)
                + ". If the store was only out of reach, the next try will do; otherwise put the file that it names back from a backup";
    }

    private static String feature(UnsupportedTableFeatureException unknown) {
        String features = String.join(", ", new TreeSet<>(unknown.getUnsupportedFeatures()));
        return ("the table needs the Delta feature %s, which Wadi does not know."
                        + " Drop it with the engine that set it (ALTER TABLE ... DROP FEATURE %s), or leave the table to that engine")
                .formatted(features, features);
    }

    /** @param version the version that was to be */
    static TableException notWritten(TableName table, long version, String folder, Throwable cause) {
        String problem = "%s version %d cannot be written to %s: ".formatted(table, version, folder);
        String said = message(cause);
        String rest;
        if (said.contains("append-only")) {
            rest = "the table has delta.appendOnly=true, and the batch replaces or deletes rows that are there."
                    + " Set delta.appendOnly=false (ALTER TABLE ... SET TBLPROPERTIES), or merge into another table";
        } else if (said.contains("Change Data Feed")) {
            rest =
                    "the table has delta.enableChangeDataFeed=true, and the batch replaces or deletes rows, whose change files"
                            + " Wadi does not write. Set delta.enableChangeDataFeed=false (ALTER TABLE ... SET TBLPROPERTIES);"
                            + " `from: delta:` gives the changes without it";
        } else if (full(cause)) {
            rest = disk(cause);
        } else if (cause instanceof UnsupportedTableFeatureException unknown) {
            rest = feature(unknown);
        } else {
            rest = rootMessage(cause)
                    + ". Whether the commit got there shows when the table is read next; the same batch again changes nothing twice";
        }
        return new TableException(problem + rest, cause);
    }

    /** @param newest the newest version that is known; null for none */
    static TableException vectorNotRead(
            TableName table,
            @Nullable TableSnapshot newest,
            String folder,
            DataFile file,
            String vector,
            Throwable cause) {
        return new TableException(
                ("%s%s cannot be read: the deletion vector %s of the data file %s/%s is missing or damaged: %s. Without it the deleted rows would come"
                                + " back, so the file is not read at all: put the vector back from a backup, or restore the"
                                + " table to a version before it")
                        .formatted(
                                table,
                                newest == null ? "" : " version " + newest.version(),
                                vector,
                                folder,
                                file.path(),
                                rootMessage(cause)),
                cause);
    }

    /** A log entry that Kernel would read as a commit of nothing, or cannot read. */
    static IOException damagedEntry(String path, long bytes) {
        return new DamagedLogException(
                ("the log entry of version %d, %s, is cut short (%d bytes): whoever wrote it did not finish, and what it committed is not"
                                + " known. Put it back from a backup; if it is the newest entry and there is no other copy,"
                                + " move it away: the table is then at the version before it, and what was not acknowledged"
                                + " comes again")
                        .formatted(version(path), path, bytes));
    }

    /** Log entries are named {@code 00000000000000000042.json}. */
    private static long version(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    /** The log of a table is damaged in a way that only its operator can mend. The message says how. */
    static final class DamagedLogException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedLogException(String message) {
            super(message);
        }
    }

    /**
     * What DuckDB's words mean when a version of a table was read; empty when they are not about its files.
     *
     * @param read the version that was read
     */
    public static Optional<TableException> ofReading(TableSnapshot read, Throwable cause) {
        if (!aboutFiles(read, cause)) {
            return Optional.empty();
        }
        return Optional.of(damagedFile(read, cause)
                .orElseGet(() -> new TableException(
                        "%s version %d cannot be read from %s: %s. If the disk was only out of reach, the next try will do; otherwise restore the table to a version that can be read"
                                .formatted(read.table(), read.version(), read.folder(), message(cause)),
                        cause)));
    }

    private static boolean aboutFiles(TableSnapshot table, Throwable cause) {
        return message(cause).contains(table.folder() + "/");
    }

    private static Optional<TableException> damagedFile(TableSnapshot read, Throwable cause) {
        String said = message(cause);
        for (DataFile file : read.files().values()) {
            if (said.contains(URI.create(file.path()).getPath())) {
                return Optional.of(new TableException(
                        ("%s version %d cannot be read: its data file %s is missing or damaged: %s. Put it back from a backup,"
                                        + " or restore the table to a version without it")
                                .formatted(read.table(), read.version(), file.path(), said),
                        cause));
            }
        }
        return Optional.empty();
    }

    /**
     * What DuckDB's words mean when the next version of a table was to be written; empty when they are not about its files.
     *
     * @param base the version that was built on
     */
    static Optional<TableException> ofWriting(TableSnapshot base, Throwable cause) {
        if (!aboutFiles(base, cause)) {
            return Optional.empty();
        }
        return Optional.of(damagedFile(base, cause)
                .orElseGet(() -> new TableException(
                        "%s version %d cannot be written to %s: %s"
                                .formatted(
                                        base.table(),
                                        base.version() + 1,
                                        base.folder(),
                                        full(cause)
                                                ? disk(cause)
                                                : message(cause)
                                                        + ". Nothing of the batch is in the table; it goes back to its source"),
                        cause)));
    }

    private static String disk(Throwable cause) {
        return "the disk is full (" + rootMessage(cause)
                + "). Make room; nothing is lost: what was not acknowledged comes again from its source";
    }

    private static boolean full(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String said = message(each).toLowerCase(Locale.ROOT);
            if (said.contains("no space left") || said.contains("disk quota")) {
                return true;
            }
        }
        return false;
    }

    /** What the innermost cause says: what happened, before anybody wrapped it. */
    private static String rootMessage(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = message(root);
        return root instanceof java.nio.file.FileSystemException || root instanceof java.io.FileNotFoundException
                ? "%s (%s)".formatted(said, root.getClass().getSimpleName())
                : said;
    }

    /** Without the stop at its end, for a sentence goes on. */
    private static String message(Throwable cause) {
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
    }
}
