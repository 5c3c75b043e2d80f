package dev.wadi.route;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.QueryCheck;
import dev.wadi.file.RowFiles;
import dev.wadi.merge.ChangeFeed;
import dev.wadi.merge.Commits;
import dev.wadi.merge.FeedStart;
import dev.wadi.merge.Intake;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.merge.Transforms;
import dev.wadi.yaml.FolderMarks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code delta:} asks of the floors below. */
public interface Tables {
    /** What describes them. */
    Contracts contracts();

    /** The files that describe the tables, as they are now; none where the description follows no files. */
    default Map<Path, FolderMarks.Mark> files() {
        return Map.of();
    }

    /**
     * The tables as their files describe them now, to try routes against.
     *
     * @param mistakes takes what is wrong with the files, and where a table that is there cannot follow: a line each, with the cure
     */
    default Tables described(List<String> mistakes) {
        return this;
    }

    /**
     * Gives the tables that are there what {@code next} has and the contracts in force have not.
     *
     * @throws dev.wadi.table.TableException when one of them cannot take it
     */
    default void follow(Contracts next) {}

    /** Puts contracts in force. */
    default void become(Contracts next) {}

    /** @throws IllegalArgumentException when the table takes no events */
    Intake intake(TableName table);

    /** Reads files of rows; where nothing runs, none are read. */
    default RowFiles rowFiles() {
        throw new UnsupportedOperationException("files need an engine");
    }

    /** Rows that doors handed in within the last second. */
    default long perSecond() {
        return 0;
    }

    /** Whether a source is being emptied as fast as it goes. */
    default boolean flooded() {
        return false;
    }

    /**
     * What is wrong with a SELECT, found without running it.
     *
     * @param source the table whose changes drive it; null when none does
     */
    default Optional<QueryCheck.Mistake> mistake(@Nullable TableName source, TableName target, String sql) {
        return Optional.empty();
    }

    MergeOutcome transform(Transforms.Transform transform);

    MergeOutcome transform(String id, TableName target, String sql);

    /**
     * @param name names the progress of the feed
     * @see dev.wadi.merge.ChangeFeeds#open
     */
    ChangeFeed feed(String name, TableName table, FeedStart start, int batchRows);

    /** How far {@code reader} has read its source into the table, as of its newest version; empty when it never has. */
    Optional<String> watermark(TableName table, String reader);

    /** The newest version, whichever process committed it. */
    long version(TableName table);

    /** Whether somebody waits for what a route makes. */
    default boolean awaited(String route) {
        return false;
    }

    /** Whether somebody waits for what any route makes. */
    default boolean anyAwaited() {
        return false;
    }

    /** Hears of this process's commits, and of who waits for them, until closed. */
    AutoCloseable listen(Commits.Listener listener);
}
