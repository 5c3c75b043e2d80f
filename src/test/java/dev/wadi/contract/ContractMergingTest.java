package dev.wadi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a contract says about merging: history, deletes, sparse updates, rules, derived and nested columns. */
class ContractMergingTest {
    private static final String TABLE = """
            apiVersion: v3.1.0
            kind: DataContract
            id: silver.things
            version: 1.0.0
            status: active
            schema:
              - name: things
                physicalName: silver.things
                description: A thing a row.
                quality:
                  - name: price_in_range
                    type: custom
                    engine: wadi
                    severity: fatal
                    implementation: price BETWEEN 0 AND 1e6
                  - type: text
                    description: Prices are in euro.
                customProperties:
                  - property: sequenceBy
                    value: [updated_at, counter]
            %s
                properties:
                  - name: id
                    logicalType: string
                    physicalType: STRING
                    required: true
                    primaryKey: true
                  - name: price
                    logicalType: number
                    physicalType: DECIMAL(18,2)
                    quality:
                      - name: price_known
                        type: custom
                        engine: wadi
                        severity: warning
                        implementation: price IS NOT NULL
                  - name: op
                    logicalType: string
                    physicalType: STRING
                  - name: counter
                    logicalType: integer
                    physicalType: BIGINT
                    required: true
                  - name: updated_at
                    logicalType: timestamp
                    physicalType: TIMESTAMP
                    required: true
                  - name: day
                    logicalType: date
                    physicalType: DATE
                    partitioned: true
                    customProperties:
                      - property: derivedBy
                        value: CAST(updated_at AS DATE)
                  - name: address
                    logicalType: object
                    properties:
                      - name: street
                        logicalType: string
                        physicalType: STRING
                        description: With the number.
                      - name: tags
                        logicalType: array
                        items:
                          logicalType: integer
                          physicalType: INTEGER
                  - name: received_at
                    logicalType: timestamp
                    physicalType: TIMESTAMP
                    required: true
                    customProperties:
                      - property: provenance
                        value: true
            """;

    @TempDir
    Path folder;

    /** @param properties {@code name=value} of the table, separated by {@code ;} */
    private static String with(String properties) {
        StringBuilder lines = new StringBuilder();
        for (String each : properties.split(";")) {
            int is = each.indexOf('=');
            if (is > 0) {
                lines.append("      - property: %s%n        value: %s%n"
                        .formatted(
                                each.substring(0, is).strip(),
                                each.substring(is + 1).strip()));
            }
        }
        return TABLE.replace("%s\n", lines);
    }

    private Contract read(String text) throws IOException {
        Files.writeString(folder.resolve("t.odcs.yaml"), text);
        return Contracts.load(folder).get(TableName.parse("silver.things"));
    }

    private String mistakes(String text) throws IOException {
        Files.writeString(folder.resolve("t.odcs.yaml"), text);
        return Objects.requireNonNull(catchThrowableOfType(ContractException.class, () -> Contracts.load(folder))
                        .getMessage())
                .replace(folder + "/", "");
    }

    @Test
    void aPlainTableKeepsTheNewestRowAndDeletesNothing() throws IOException {
        Contract contract = read(with(""));

        assertThat(contract.merging()).isEqualTo(Merging.newest(List.of("updated_at", "counter")));
        assertThat(contract.stored()).isEqualTo(contract.columns());
        assertThat(contract.rules())
                .containsExactly(
                        new Rule("price_in_range", "price BETWEEN 0 AND 1e6", Rule.Severity.FATAL),
                        new Rule("price_known", "price IS NOT NULL", Rule.Severity.WARNING));
        assertThat(contract.column("day").derivedBy()).isEqualTo("CAST(updated_at AS DATE)");
        assertThat(contract.column("address").type().sql()).isEqualTo("STRUCT(\"street\" VARCHAR, \"tags\" INTEGER[])");
    }

    @Test
    void deletesAndSparseUpdatesNeedWhatTheTableRemembers() throws IOException {
        Contract contract = read(
                with(
                        "deleteWhen=op = 'D';truncateWhen=op = 'T';tombstoneRetention=7 days;ignoreNullUpdates=true;storeExcept=[op]"));

        Merging merging = contract.merging();
        assertThat(merging.deleteWhen()).isEqualTo("op = 'D'");
        assertThat(merging.truncateWhen()).isEqualTo("op = 'T'");
        assertThat(merging.tombstoneRetention()).isEqualTo(Duration.ofDays(7));
        assertThat(merging.ignoreNullUpdates()).isEqualTo(Set.of("price", "day", "address"));
        assertThat(contract.column("op").stored()).isFalse();
        assertThat(contract.stored())
                .extracting(Column::name)
                .containsExactly(
                        "id",
                        "price",
                        "counter",
                        "updated_at",
                        "day",
                        "address",
                        "received_at",
                        "__SEQ_price",
                        "__SEQ_day",
                        "__SEQ_address");
        assertThat(contract.sequenceType().sql()).isEqualTo("STRUCT(\"updated_at\" TIMESTAMPTZ, \"counter\" BIGINT)");
    }

    @Test
    void aHistoryHasTwoColumnsMore() throws IOException {
        String history = "scdType=2;trackHistoryExcept=[price];tombstoneRetention=PT36H;deleteWhen=op = 'D'";
        Contract contract = read(with(history));
        assertThat(contract.merging().history()).isTrue();
        assertThat(contract.merging().trackHistoryExcept()).containsExactly("price");
        assertThat(contract.merging().tombstoneRetention()).isEqualTo(Duration.ofHours(36));
        assertThat(contract.stored())
                .filteredOn(column -> column.name().startsWith("__"))
                .allMatch(column -> column.type().equals(contract.sequenceType()) && !column.required())
                .extracting(Column::name)
                .containsExactly("__START_AT", "__END_AT");
    }

    @Test
    void aBitemporalHistoryHasFourColumnsMore() throws IOException {
        Contract contract = read(with("scdType=2;systemSequenceBy=received_at;deleteWhen=op = 'D'"));
        assertThat(contract.merging().systemSequenceBy()).isEqualTo("received_at");
        assertThat(contract.stored())
                .filteredOn(column -> column.name().startsWith("__"))
                .extracting(column -> column.name() + " " + column.type().sql())
                .containsExactly(
                        "__START_AT " + contract.sequenceType().sql(),
                        "__END_AT " + contract.sequenceType().sql(),
                        "__SYSTEM_START_AT TIMESTAMPTZ",
                        "__SYSTEM_END_AT TIMESTAMPTZ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "deleteWhen=                        | 22: the table, custom property 'deleteWhen': 'value' must be text.",
                "deleteWhen=true                    | 22: the table, custom property 'deleteWhen': 'value' must be text, but YAML reads true",
                "tombstoneRetention=7 days          | 22: the table, custom property 'tombstoneRetention': nothing is ever deleted",
                "deleteWhen=op = 'D';tombstoneRetention=a week  | 24: the table, custom property 'tombstoneRetention': 'a week' is no time span. Write 7 days, 12 hours or P7D.",
                "deleteWhen=op = 'D';tombstoneRetention=0 days  | '0 days' is no time span.",
                "deleteWhen=op = 'D';tombstoneRetention=P-1D    | 'P-1D' is no time span.",
                "scdType=3                          | 22: the table, custom property 'scdType': is 1 (one row a key, the newest) or 2",
                "scdType=two                        | 'value' must be a number",
                "scdType=2;truncateWhen=op = 'T'    | 24: the table, custom property 'truncateWhen': a history forgets nothing.",
                "trackHistoryExcept=[price]         | 22: the table, custom property 'trackHistoryExcept': the table keeps no history.",
                "scdType=2;trackHistoryExcept=[id]  | 24: the table, custom property 'trackHistoryExcept': the column 'id' says which state",
                "scdType=2;trackHistoryExcept=[prise] | there is no column 'prise'. Write 'price'.",
                "scdType=2;ignoreNullUpdates=true   | 24: the table, custom property 'ignoreNullUpdates': a state of a history is what its event says.",
                "ignoreNullUpdates=[id]             | 22: the table, custom property 'ignoreNullUpdates': the column 'id' is never null",
                "ignoreNullUpdates=[counter]        | the column 'counter' is never null",
                "ignoreNullUpdates=sometimes        | 'value' must be true or false.",
                "systemSequenceBy=received_at       | 22: the table, custom property 'systemSequenceBy': the table keeps no history.",
                "scdType=2;systemSequenceBy=id      | the column 'id' is in the primary key",
                "scdType=2;systemSequenceBy=op      | the column 'op' is neither a number nor a time. Name one that is.",
                "scdType=2;systemSequenceBy=received_at;trackHistoryExcept=[received_at] | the column 'received_at' is in systemSequenceBy, so it never opens a row by itself.",
                "scdType=2;systemSequenceBy=received_at;deleteWhen=op = 'D';tombstoneRetention=7 days | custom property 'tombstoneRetention': with systemSequenceBy nothing is ever forgotten",
                "scdType=2;systemSequenceBy=price   | the column 'price' may be null",
                "scdType=2;systemSequenceBy=counter | the column 'counter' is in sequenceBy, so both times would be the same.",
                "scdType=2;systemSequenceBy=seen_at | there is no column 'seen_at'.",
                "storeExcept=[id]                   | 22: the table, custom property 'storeExcept': the column 'id' is in the primary key, so the table needs it.",
                "storeExcept=[counter]              | the column 'counter' is in sequenceBy, so",
                "storeExcept=[day]                  | the column 'day' is a partition column, so",
                "scdType=2;trackHistoryExcept=[price];storeExcept=[price] | the column 'price' is in trackHistoryExcept, so",
                "ignoreNullUpdates=[price];storeExcept=[price] | the column 'price' is in ignoreNullUpdates, so",
                "scdType=2;systemSequenceBy=received_at;storeExcept=[received_at] | the column 'received_at' is in systemSequenceBy, so",
                "storeExcept=[price, price]         | names a column twice.",
                "deletewhen=x                       | unknown custom property 'deletewhen'. Write 'deleteWhen'.",
            })
    void whatMakesNoSenseTogetherIsTold(String properties, String message) throws IOException {
        assertThat(mistakes(with(properties))).contains(message);
    }

    @Test
    void whereTheLaterBatchCountsItMayDelete() throws IOException {
        String text = with("deleteWhen=op = 'D'")
                .replace("property: sequenceBy", "property: whenMatched")
                .replace("[updated_at, counter]", "replace");
        assertThat(read(text).merging().deleteWhen()).isEqualTo("op = 'D'");
    }

    @ParameterizedTest
    @CsvSource({
        "deleteWhen=op = 'D', what comes late must not undo what is newer",
        "truncateWhen=op = 'T', what comes late must not undo what is newer",
        "scdType=2, a history has an order",
        "ignoreNullUpdates=[price], which value is kept follows from the order",
    })
    void whatRestsOnAnOrderNeedsOne(String property, String why) throws IOException {
        String text = with(property.replace("\"", ""))
                .replace("property: sequenceBy", "property: whenMatched")
                .replace("[updated_at, counter]", "keepFirst");
        assertThat(mistakes(text))
                .contains(why + ", and nothing orders the rows of a key. Add the custom property sequenceBy.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: op                    | name: __op                | 36: column '__op': names that begin with two underscores belong to Wadi",
                "severity: fatal             | severity: high            | 14: rule 'price_in_range': 'high' is not known. Write warning",
                "name: price_known           | name: price_in_range      | 31: rule 'price_in_range': there is a rule of that name already, in line 11.",
                "engine: wadi                | engine: Wadi              | 13: the table, a rule: 'Wadi' is not known. Write 'engine: wadi'.",
                "type: custom                | type: costum              | 12: the table, a rule: 'costum' is not known. Write 'custom'.",
                "type: custom                | type: library             | Wadi's rules are of the type custom.",
                "implementation: price IS NOT NULL | description: none   | 31: rule 'price_known': 'implementation' is missing.",
                "logicalType: array          | logicalType: arry         | column 'address', field 'tags': 'physicalType' is missing.",
                "name: street                | name: Street              | column 'address', field 'Street': not a name for a field.",
                "name: tags                  | name: street              | there is a field 'street' already, in line ",
                "description: With the number. | required: true          | column 'address', field 'street': 'required' is not checked within a column.",
                "items:                      | itms:                     | unknown key 'itms'. Write 'items'.",
                "value: CAST(updated_at AS DATE) | value: CAST(received_at AS DATE) | column 'day': it is derived from 'received_at', which says where the row came from",
                "logicalType: object         | logicalType: string       | column 'address': 'physicalType' is missing. Types: STRING,",
            })
    void mistakesInRulesAndTypesAreTold(String line, String wrong, String message) throws IOException {
        String text = with("");
        assertThat(text).contains(line);
        assertThat(mistakes(text.replaceFirst(java.util.regex.Pattern.quote(line), wrong)))
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DOUBLE  | number  | DOUBLE cannot tell keys apart",
                "FLOAT   | number  | FLOAT cannot tell keys apart",
                "BINARY  | string  | a key is a plain value, not BLOB.",
            })
    void aKeyIsAValueThatIsItselfOnly(String physical, String logical, String message) throws IOException {
        String text = with("").replaceFirst("logicalType: string", "logicalType: " + logical)
                .replaceFirst("physicalType: STRING", "physicalType: " + physical);
        assertThat(mistakes(text)).contains("column 'id': " + message);
    }

    @Test
    void nestedColumnsAreNeitherKeyNorPartitionNorOrder() throws IOException {
        String key =
                with("").replace("name: address", "name: address\n        required: true\n        primaryKey: true");
        assertThat(mistakes(key)).contains("column 'address': a key is a plain value, not STRUCT(");
        String partition = with("").replace("name: address", "name: address\n        partitioned: true");
        assertThat(mistakes(partition))
                .contains("column 'address': a partition is a folder for each value, and STRUCT(");
        String order = with("").replace("name: address", "name: address\n        required: true")
                .replace("[updated_at, counter]", "[address]");
        assertThat(mistakes(order)).contains("the column 'address' has a type without a useful order.");
    }
}
