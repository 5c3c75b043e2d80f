package dev.wadi.api;

import dev.wadi.lineage.RowKey;
import dev.wadi.lineage.Told;
import dev.wadi.lineage.Traced;
import org.jspecify.annotations.Nullable;

/** Where rows come from. */
interface Origins {
    /** @see dev.wadi.lineage.Tracing#trace */
    Traced trace(RowKey key, @Nullable Long version, int limit, long offset);

    /** @see dev.wadi.lineage.Why#why */
    Told why(RowKey key);
}
