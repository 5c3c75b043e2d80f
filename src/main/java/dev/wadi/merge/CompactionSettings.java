package dev.wadi.merge;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How files are put together.
 *
 * @param targetFileBytes files are large enough for good at this size
 * @param deletedPercent a file of whose rows more than this share is deleted is written again without them
 */
@ConfigurationProperties("wadi.compaction")
public record CompactionSettings(
        @Bindable(defaultValue = "134217728") long targetFileBytes,
        @Bindable(defaultValue = "30") int deletedPercent) {
    public static final CompactionSettings DEFAULTS = new CompactionSettings(128L << 20, 30);

    public CompactionSettings {
        if (targetFileBytes < 1 << 20) {
            throw new IllegalArgumentException(
                    "wadi.compaction.target-file-bytes is %d: set it to 1048576 (1 MB) or more"
                            .formatted(targetFileBytes));
        }
        if (deletedPercent < 1 || deletedPercent > 100) {
            throw new IllegalArgumentException(
                    "wadi.compaction.deleted-percent is %d: set it to a share from 1 to 100".formatted(deletedPercent));
        }
    }

    /** Whether so much of a file is deleted that it is worth writing again. */
    boolean mostlyDeleted(long rows, long liveRows) {
        return (rows - liveRows) * 100 > rows * deletedPercent;
    }
}
