package dev.wadi.merge;

import dev.wadi.contract.Contract;
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
     * Queues a delivery that its door could not read, for quarantine.
     *
     * @param why what is wrong with it, in words
     * @return completes and fails as with {@link #submit}
     */
    CompletableFuture<MergeOutcome> refuse(Delivery delivery, String why) throws InterruptedException;

    /** Rows queued and not committed yet. */
    long queued();
}
