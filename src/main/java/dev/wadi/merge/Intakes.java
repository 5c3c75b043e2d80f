package dev.wadi.merge;

import dev.wadi.contract.TableName;

/** The intake of each table, made when first asked for. */
public final class Intakes {

    /** @throws IllegalArgumentException when no contract describes the table, or it takes no events */
    public Intake intake(TableName table) {
        throw new UnsupportedOperationException("soon");
    }
}
