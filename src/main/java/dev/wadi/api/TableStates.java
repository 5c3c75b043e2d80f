package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.NoSuchVersionException;
import dev.wadi.table.TableException;
import java.time.Instant;
import java.util.List;

/** What is to be told about tables. */
interface TableStates {
    /** The tables that exist, in the order of their names. */
    List<TableName> tables();

    /**
     * The newest version of a table that exists.
     *
     * @throws TableException when it cannot be read
     */
    TableState latest(TableName table);

    /**
     * An older version of a table that exists.
     *
     * @throws NoSuchVersionException when it is not there
     */
    TableState at(TableName table, long version);

    /**
     * The newest version that was committed at {@code time} or before.
     *
     * @throws NoSuchVersionException when there is none
     */
    TableState at(TableName table, Instant time);

    /** A part of what was done to a table that exists, newest first. */
    DeltaTable.History history(TableName table, int limit, int offset);
}
