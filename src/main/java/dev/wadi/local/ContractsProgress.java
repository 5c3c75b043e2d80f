package dev.wadi.local;

import dev.wadi.contract.Contracts;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;

/** Says when the contracts have been read, in the middle of the start of the application context. */
@Singleton
@Requires(beans = Progress.class)
final class ContractsProgress implements BeanCreatedEventListener<Contracts> {
    private final Progress progress;

    ContractsProgress(Progress progress) {
        this.progress = progress;
    }

    @Override
    public Contracts onCreated(BeanCreatedEvent<Contracts> event) {
        Contracts contracts = event.getBean();
        progress.next("contracts", contracts.all().size() + " tables");
        return contracts;
    }
}
