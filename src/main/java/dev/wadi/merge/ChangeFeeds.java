package dev.wadi.merge;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;

/** Opens change feeds. */
public final class ChangeFeeds {
    /** The fewest rows of a batch: both images of an update. */
    public static final int LEAST_ROWS = 2;

    private final Contracts contracts;
    private final Merger merger;

    ChangeFeeds(Contracts contracts, Merger merger) {
        this.contracts = contracts;
        this.merger = merger;
    }

    /**
     * @param name names its progress; one reader at a time
     * @param start where it begins when there is no progress of that name
     * @param batchRows the most rows at a time
     */
    public ChangeFeed open(String name, TableName table, FeedStart start, int batchRows) {
        if (batchRows < LEAST_ROWS) {
            throw new IllegalArgumentException(
                    "batchRows=%d: write %d or more, such as batchRows=1000".formatted(batchRows, LEAST_ROWS));
        }
        return ChangeFeed.open(name, contracts.get(table), start, batchRows, merger);
    }
}
