package dev.wadi.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The {@link OffsetWindow} of each partition that a member of a group has. For the poller's thread. */
final class OffsetWindows {
    private final Map<TopicPartition, OffsetWindow> windows = new HashMap<>();

    /** Opens a slot for records of a partition; offsets come in order. */
    OffsetWindow.Slot opened(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> entries) {
        return windows.computeIfAbsent(partition, each -> new OffsetWindow()).opened(entries);
    }

    void assigned(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            windows.put(partition, new OffsetWindow());
        }
    }

    /** The partitions are someone else's: their records are tried no more. */
    void lost(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OffsetWindow window = windows.remove(partition);
            if (window != null) {
                window.close();
            }
        }
    }

    List<TopicPartition> partitions() {
        return List.copyOf(windows.keySet());
    }

    /** Whether a record of one of them is on its way. */
    boolean areOpen(Collection<TopicPartition> partitions) {
        return partitions.stream().anyMatch(partition -> {
            OffsetWindow window = windows.get(partition);
            return window != null && window.isOpen();
        });
    }

    /** Where to go on after what is done, but for what was asked to be committed already. */
    Map<TopicPartition, OffsetAndMetadata> due(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetWindow window = windows.get(partition);
            OffsetAndMetadata offset = window == null ? null : window.due();
            if (offset != null) {
                due.put(partition, offset);
            }
        }
        return due;
    }

    /** A commit did not succeed: its offsets are due again. */
    void notCommitted(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OffsetWindow window = windows.get(partition);
            if (window != null) {
                window.notCommitted();
            }
        }
    }
}
