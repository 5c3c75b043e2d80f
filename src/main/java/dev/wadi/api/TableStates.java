package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.table.TableException;
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
}
