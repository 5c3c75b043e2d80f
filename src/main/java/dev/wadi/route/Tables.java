package dev.wadi.route;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.engine.QueryCheck;
import dev.wadi.file.RowFiles;
import dev.wadi.merge.ChangeFeed;
import dev.wadi.merge.Commits;
import dev.wadi.merge.FeedStart;
import dev.wadi.merge.Intake;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.merge.Transforms;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code delta:} asks of the floors below. */
public interface Tables {
    List<Contract> contracts();

    /** @throws IllegalArgumentException when the table takes no events */
    Intake intake(TableName table);

    /** Reads files of rows; where nothing runs, none are read. */
    default RowFiles files() {
        throw new UnsupportedOperationException("files need an engine");
    }

    /** Rows that doors have handed in and no commit holds yet. */
    default long waiting() {
        return 0;
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
