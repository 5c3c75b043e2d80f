package dev.wadi.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.ContractException;
import dev.wadi.contract.Merging;
import dev.wadi.contract.Rule;
import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractSqlTest {
    @TempDir
    Path folder;

    private DuckDb duckDb;

    @BeforeEach
    void open() {
        duckDb = new DuckDb("64MB", 1, folder);
    }

    @AfterEach
    void close() {
        duckDb.close();
    }

    private static Contract contract(String deleteWhen, String rule, String derivedBy) {
        return new Contract(
                new TableName("silver", "things"),
                "things",
                List.of(
                        column("id", ColumnType.Simple.STRING, null),
                        column("seq", ColumnType.Simple.LONG, null),
                        column("op", ColumnType.Simple.STRING, null),
                        column("seen", ColumnType.Simple.TIMESTAMP, null),
                        column("day", ColumnType.Simple.DATE, derivedBy)),
                List.of("id"),
                Merging.newest(List.of("seq")).deleting(deleteWhen, Merging.TOMBSTONE_RETENTION),
                List.of(),
                List.of(new Rule("sane", rule, Rule.Severity.ERROR)),
                null,
                true,
                Path.of("t.odcs.yaml"));
    }

    private static Column column(String name, ColumnType type, @Nullable String derivedBy) {
        return new Column(name, type, false, false, true, derivedBy, "", null);
    }

    @Test
    void whatBindsIsRight() {
        new ContractSql(duckDb)
                .check(contract(
                        "op = 'D' -- a delete", "day > DATE '2020-01-01' OR seq IN (1, 2)", "CAST(seen AS DATE)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "opp = 'D' | true    | CAST(seen AS DATE)   | t.odcs.yaml: deleteWhen: Binder Error: Referenced column \"opp\" not found in FROM clause!. It is one SQL expression over the columns of the contract, such as op = 'D': correct it.",
                "op =      | true    | CAST(seen AS DATE)   | t.odcs.yaml: deleteWhen: Parser Error: syntax error",
                "op        | true    | CAST(seen AS DATE)   | t.odcs.yaml: deleteWhen: it gives VARCHAR, not true or false. Compare it with something",
                "op = ?    | true    | CAST(seen AS DATE)   | t.odcs.yaml: deleteWhen: it has a place for a value",
                "true      | max(seq) > 1 | CAST(seen AS DATE) | t.odcs.yaml: the rule 'sane': Binder Error: WHERE clause cannot contain aggregates",
                "true      | true    | seq                | t.odcs.yaml: column 'day', derivedBy: it gives BIGINT, where DATE is needed. Add a cast",
                "true      | true    | day + 1            | t.odcs.yaml: column 'day', derivedBy: Binder Error: Referenced column \"day\" not found",
            })
    void whatDoesNotBindIsTold(String deleteWhen, String rule, String derivedBy, String message) {
        assertThatThrownBy(() -> new ContractSql(duckDb).check(contract(deleteWhen, rule, derivedBy)))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining(message);
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertThatThrownBy(() -> new ContractSql(duckDb).check(contract("a", "b", "c")))
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(3));
    }
}
