package dev.wadi.api;

import dev.wadi.lineage.RowKey;
import dev.wadi.lineage.Told;
import dev.wadi.lineage.Traced;
import dev.wadi.lineage.Tracing;
import dev.wadi.lineage.Why;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The {@link Origins} of the lake of this process. */
@Singleton
final class LakeOrigins implements Origins {
    private final Tracing tracing;
    private final Why why;

    LakeOrigins(Tracing tracing, Why why) {
        this.tracing = tracing;
        this.why = why;
    }

    @Override
    public Traced trace(RowKey key, @Nullable Long version, int limit, long offset) {
        return tracing.trace(key, version, limit, offset);
    }

    @Override
    public Told why(RowKey key) {
        return why.why(key);
    }
}
