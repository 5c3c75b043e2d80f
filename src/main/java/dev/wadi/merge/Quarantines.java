package dev.wadi.merge;

import dev.wadi.contract.TableName;

/** Where what tables refused is kept. */
public final class Quarantines {
    private Quarantines() {}

    /** The table that keeps what {@code target} refused; it is there once something was. */
    public static TableName of(TableName target) {
        return Quarantine.nameFor(target);
    }
}
