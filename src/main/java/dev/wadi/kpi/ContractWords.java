package dev.wadi.kpi;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.kpi.KpiSection.Text;
import java.util.List;
import java.util.Optional;

/** Tables and columns that a definition names, looked up in the contracts. A wrong one is answered with those there are. */
final class ContractWords {
    private ContractWords() {}

    /** The contract of the table that the section's key {@code table} names. */
    static Optional<Contract> table(Contracts contracts, KpiSection section) {
        Optional<Text> name = section.required("table", "gold.fact_orders");
        return name.flatMap(text -> table(contracts, section, text));
    }

    /** The contract of the table that {@code name} names. */
    static Optional<Contract> table(Contracts contracts, KpiSection section, Text name) {
        Optional<Contract> contract = Optional.empty();
        try {
            contract = contracts.find(TableName.parse(name.value()));
        } catch (IllegalArgumentException e) {
            // not the name of any table: said below, with the names there are
        }
        if (contract.isEmpty()) {
            section.mistake(
                    name.line(),
                    "no contract describes a table '%s'".formatted(name.value()),
                    "Use one of "
                            + String.join(
                                    ", ",
                                    contracts.all().stream()
                                            .map(known -> known.table().toString())
                                            .toList())
                            + ", or add its contract");
        }
        return contract;
    }

    /** The column of {@code contract} that {@code name} names. */
    static Optional<Column> column(KpiSection section, Contract contract, Text name) {
        return column(section, contract, contract.columns(), name);
    }

    /** The column of the table that {@code name} names, those that the merge adds included. */
    static Optional<Column> storedColumn(KpiSection section, Contract contract, Text name) {
        return column(section, contract, contract.stored(), name);
    }

    private static Optional<Column> column(KpiSection section, Contract contract, List<Column> columns, Text name) {
        Optional<Column> found = columns.stream()
                .filter(column -> column.name().equals(name.value()))
                .findFirst();
        if (found.isEmpty()) {
            section.mistake(
                    name.line(),
                    "%s has no column '%s'".formatted(contract.table(), name.value()),
                    "Use one of "
                            + String.join(
                                    ", ", columns.stream().map(Column::name).toList()));
        }
        return found;
    }
}
