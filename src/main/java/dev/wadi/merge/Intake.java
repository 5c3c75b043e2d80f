package dev.wadi.merge;

import dev.wadi.contract.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The one way for deliveries into one table: bounded, batched, acknowledged after the commit. Thread-safe.
 */
public interface Intake {

    Contract contract();

    /**
     * Decodes the delivery and queues its events; waits while the intake is full.
     *
     * @return completes after the commit that holds every event of the delivery (in the table or in quarantine); fails
     *     when the commit failed, and then nothing of it may be acknowledged
     * @throws InterruptedException when interrupted while waiting
     */
    CompletableFuture<MergeOutcome> submit(Delivery delivery) throws InterruptedException;

    /**
     * As {@link #submit} with each of them, at the price of one. They may be in more than one commit, in their order.
     *
     * @return completes after the last of these commits; fails when one of them failed, though others may be done
     */
    default CompletableFuture<Void> submitAll(List<Delivery> deliveries) throws InterruptedException {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            all.add(submit(delivery));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /**
     * Queues a delivery that its door could not read, for quarantine.
     *
     * @param why what is wrong with it, in words
     * @return completes and fails as with {@link #submit}
     */
    default CompletableFuture<MergeOutcome> refuse(Delivery delivery, String why) throws InterruptedException {
        return submit(delivery.refused(why));
    }

    /** Rows queued and not committed yet. */
    long queued();
}
