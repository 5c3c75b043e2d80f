package dev.wadi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractsTest {
    /** The lines that the tests below change. */
    private static final String BRONZE = """
            apiVersion: v3.1.0
            kind: DataContract
            id: bronze.things
            version: 1.0.0
            status: active
            schema:
              - name: things
                physicalName: bronze.things
                description: A thing a row.
                customProperties:
                  - property: stream
                    value: things
                  - property: eventId
                    value: id
                  - property: whenMatched
                    value: keepFirst
                properties:
                  - name: event_id
                    logicalType: string
                    physicalType: STRING
                    required: true
                    primaryKey: true
                    customProperties:
                      - property: fill
                        value: eventId
                  - name: payload
                    logicalType: object
                    physicalType: JSON
                    required: true
                    customProperties:
                      - property: fill
                        value: payload
                    properties:
                      - name: id
                        logicalType: string
                        required: true
                        description: Names the thing.
                      - name: size
                        logicalType: integer
                        logicalTypeOptions:
                          minimum: 0
                          maximum: 9.5
                      - name: colour
                        logicalType: string
                        customProperties:
                          - property: allowed
                            value: [red, "no"]
                      - name: place
                        logicalType: object
                        properties:
                          - name: at
                            logicalType: timestamp
                  - name: received_at
                    logicalType: timestamp
                    physicalType: TIMESTAMP
                    required: true
                    customProperties:
                      - property: fill
                        value: receivedAt
            """;

    private static final String SILVER = """
            apiVersion: v3.1.0
            kind: DataContract
            id: silver.things
            version: 1.0.0
            status: active
            schema:
              - name: things
                physicalName: silver.things
                description: A thing a row.
                customProperties:
                  - property: sequenceBy
                    value: [updated_at, counter]
                properties:
                  - name: region
                    logicalType: string
                    physicalType: STRING
                    required: true
                    primaryKey: true
                    primaryKeyPosition: 2
                    partitioned: true
                  - name: id
                    logicalType: string
                    physicalType: STRING
                    required: true
                    primaryKey: true
                    primaryKeyPosition: 1
                  - name: price
                    logicalType: number
                    physicalType: DECIMAL(18, 2)
                  - name: counter
                    logicalType: integer
                    physicalType: BIGINT
                    required: true
                  - name: updated_at
                    logicalType: timestamp
                    physicalType: TIMESTAMP
                    required: true
                  - name: source
                    logicalType: string
                    physicalType: STRING
                    customProperties:
                      - property: provenance
                        value: true
            """;

    @TempDir
    Path folder;

    private Path bronze;
    private Path silver;

    @BeforeEach
    void nameFiles() {
        bronze = folder.resolve("bronze.odcs.yaml");
        silver = folder.resolve("silver.odcs.yaml");
    }

    private String mistakes() {
        return Objects.requireNonNull(catchThrowableOfType(ContractException.class, () -> Contracts.load(folder))
                        .getMessage())
                .replace(folder + "/", "");
    }

    @Test
    void aTableThatTakesEventsHasTheirShape() throws IOException {
        Files.writeString(bronze, BRONZE);

        Contract contract = Contracts.load(folder).stream("things").orElseThrow();

        assertThat(contract)
                .isEqualTo(new Contract(
                        TableName.parse("bronze.things"),
                        "A thing a row.",
                        List.of(
                                new Column("event_id", ColumnType.Simple.STRING, true, false, "", Column.Fill.EVENT_ID),
                                new Column("payload", ColumnType.Simple.JSON, true, false, "", Column.Fill.PAYLOAD),
                                new Column(
                                        "received_at",
                                        ColumnType.Simple.TIMESTAMP,
                                        true,
                                        true,
                                        "",
                                        Column.Fill.RECEIVED_AT)),
                        List.of("event_id"),
                        Merging.keepFirst(),
                        List.of(),
                        List.of(),
                        new EventShape(
                                "things",
                                "id",
                                List.of(
                                        field("id", EventShape.Type.STRING, true, "Names the thing."),
                                        new EventShape.Field(
                                                "size",
                                                EventShape.Type.INTEGER,
                                                false,
                                                "",
                                                List.of(),
                                                0.0,
                                                9.5,
                                                List.of()),
                                        new EventShape.Field(
                                                "colour",
                                                EventShape.Type.STRING,
                                                false,
                                                "",
                                                List.of("red", "no"),
                                                null,
                                                null,
                                                List.of()),
                                        new EventShape.Field(
                                                "place",
                                                EventShape.Type.OBJECT,
                                                false,
                                                "",
                                                List.of(),
                                                null,
                                                null,
                                                List.of(field("at", EventShape.Type.TIMESTAMP, false, ""))))),
                        true,
                        bronze));
    }

    private static EventShape.Field field(String name, EventShape.Type type, boolean required, String description) {
        return new EventShape.Field(name, type, required, description, List.of(), null, null, List.of());
    }

    @Test
    void keysFollowTheirPositionsAndSequenceByMakesASequence() throws IOException {
        Files.createDirectories(folder.resolve("deep/er"));
        Files.writeString(folder.resolve("deep/er/silver.odcs.yaml"), SILVER);
        Files.createDirectories(folder.resolve("..copy"));
        Files.writeString(folder.resolve("..copy/silver.odcs.yaml"), "not read");

        Contract contract = Contracts.load(folder).get(TableName.parse("silver.things"));

        assertThat(contract.primaryKey()).containsExactly("id", "region");
        assertThat(contract.partitionBy()).containsExactly("region");
        assertThat(contract.whenMatched()).isEqualTo(WhenMatched.SEQUENCE);
        assertThat(contract.sequenceBy()).containsExactly("updated_at", "counter");
        assertThat(contract.column("price").type()).isEqualTo(new ColumnType.Decimal(18, 2));
        assertThat(contract.content()).extracting(Column::name).containsExactly("price");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apiVersion: v3.1.0        | apiVersion: v2.2.0          | 1: a contract: apiVersion 'v2.2.0' is not known. Write 'apiVersion: v3.1.0'.",
                "kind: DataContract        | kind: Table                 | 2: a contract: kind 'Table' is not known. Write 'kind: DataContract'.",
                "version: 1.0.0            | version: 1.0                | 4: a contract: 'version' must be text, but YAML reads 1.0 as another type. Write 'version: \"1.0\"'.",
                "status: active            | staus: active               | 5: a contract: unknown key 'staus'. Write 'status'.",
                "id: silver.things         | name: x                     | 1: a contract: 'id' is missing.",
                "physicalName: silver.things | physicalName: Silver.Things | 8: the table: 'Silver.Things' is not a table name: write layer.name",
                "physicalName: silver.things | physicalName: things      | 8: the table: 'things' is not a table name",
                "- name: things            | - name: thing               | 7: the table: 'thing' does not agree with physicalName 'silver.things'. Write 'name: things'.",
                "description: A thing a row. | tags: []                  | 7: the table: 'description' is missing.",
                "property: sequenceBy      | property: sequenceby        | 11: the table: unknown custom property 'sequenceby'. Write 'sequenceBy'.",
                "[updated_at, counter]     | updated_at                  | 12: the table, custom property 'sequenceBy': 'value' must be a list. Write 'value: [updated_at]'.",
                "[updated_at, counter]     | []                          | 12: the table, custom property 'sequenceBy': names no column.",
                "[updated_at, counter]     | [updated]                   | 12: the table, custom property 'sequenceBy': there is no column 'updated'. Write 'updated_at'.",
                "[updated_at, counter]     | [modified]                  | there is no column 'modified'. Known here: counter, id, price, region, source, updated_at.",
                "[updated_at, counter]     | [price]                     | 12: the table, custom property 'sequenceBy': the column 'price' may be null",
                "[updated_at, counter]     | [id]                        | the column 'id' is in the primary key",
                "property: sequenceBy      | property: deletionVectors   | nothing says what happens to a row whose key is there already.",
                "name: region              | name: 1region               | 14: column '1region': not a name for a column.",
                "name: region              | name: Region                | 14: column 'Region': not a name for a column.",
                "name: price               | name: counter               | 30: column 'counter': there is a column 'counter' already, in line 27.",
                "primaryKeyPosition: 1     | primaryKeyPosition: 2       | column 'id': position 2 is taken by column 'region'.",
                "primaryKeyPosition: 1     | primaryKeyPosition: first   | column 'id': 'primaryKeyPosition' must be a number",
                "primaryKeyPosition: 1     | partitionKeyPosition: 1     | 26: column 'id': has no effect without 'partitioned: true'.",
                "physicalType: DECIMAL(18, 2) | physicalType: DECIMAL(40,2) | column 'price': DECIMAL(40,2) does not exist: precision is 1 to 38",
                "physicalType: BIGINT      | physicalType: BIGITN        | 32: column 'counter': unknown type 'BIGITN'. Write 'BIGINT'. Types: STRING, BOOLEAN,",
                "physicalType: BIGINT      | physicalType: UUID          | 32: column 'counter': unknown type 'UUID'. Types: STRING, BOOLEAN,",
                "logicalType: integer      | logicalType: number         | 31: column 'counter': 'number' does not agree with physicalType BIGINT. Write 'logicalType: integer'.",
                "logicalType: integer      | # none                      | 30: column 'counter': 'logicalType' is missing.",
                "physicalType: DECIMAL(18, 2) | physicalType: DOUBLE     | none",
                "property: provenance      | property: fill              | 'value' must be text",
                "value: true               | value: sometimes            | 43: column 'source', custom property 'provenance': 'value' must be true or false.",
            })
    void aMistakeIsToldWithItsLineAndItsCure(String line, String wrong, String message) throws IOException {
        assertThat(SILVER).contains(line);
        Files.writeString(silver, SILVER.replaceFirst(Pattern.quote(line), wrong));
        if (message.equals("none")) {
            assertThat(Contracts.load(folder).all()).hasSize(1);
        } else {
            assertThat(mistakes()).contains(message).contains("silver.odcs.yaml:");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "value: things             | value: Two Things           | 12: the table, custom property 'stream': 'Two Things' is no name for a stream.",
                "value: id                 | value: identity             | custom property 'eventId': events have no top-level field 'identity'. Known here: colour, id, place, size.",
                "value: keepFirst          | value: keepfirst            | 'keepfirst' is not known. Write 'keepFirst'.",
                "value: keepFirst          | value: sequence             | 16: the table, custom property 'whenMatched': 'sequence' needs an order.",
                "property: stream          | property: deletionVectors   | only a table with a 'stream' takes events.",
                "property: stream          | property: deletionVectors   | 24: column 'event_id', custom property 'fill': only a table with a 'stream' is filled from events.",
                "value: eventId            | value: payload              | column 'event_id': the fill payload needs physicalType JSON.",
                "value: receivedAt         | value: received_at          | 'received_at' is not known. Write 'receivedAt'.",
                "value: receivedAt         | value: eventId              | column 'received_at': the fill eventId needs physicalType STRING.",
                "required: true            | required: false             | 22: column 'event_id': a key column cannot be null. Write 'required: true'.",
                "primaryKey: true          | # none                      | no column is the primary key.",
                "logicalType: integer      | logicalType: int            | 39: field 'size': unknown type 'int'. Types: array, boolean,",
                "logicalType: integer      | logicalType: intger         | 39: field 'size': unknown type 'intger'. Write 'integer'.",
                "maximum: 9.5              | maxLength: 9                | 42: field 'size', logicalTypeOptions: 'maxLength' is not checked. Remove it",
                "maximum: 9.5              | maximun: 9                  | unknown key 'maximun'. Write 'maximum'.",
                "maximum: 9.5              | maximum: -1                 | 41: field 'size', logicalTypeOptions: it is greater than 'maximum'",
                "[red, \"no\"]             | [red, no]                   | 47: field 'colour', custom property 'allowed': 'value' holds no, which YAML does not read as text. Write \"no\".",
                "[red, \"no\"]             | []                          | no value is allowed.",
                "name: size                | name: id                    | 38: field 'id': there is a field 'id' already, in line 34.",
                "name: at                  | primaryKey: true            | 'primaryKey' is not checked on a field of an event.",
                "property: whenMatched     | property: unknownFields     | custom property 'unknownFields': 'keepFirst' is not known. Known here: keep, refuse.",
                "name: at                  | id: at                      | 'name' is missing.",
                "property: allowed         | property: accepts           | custom property 'accepts': a string does not accept 'red'. Known here: boolean, integer, number.",
            })
    void aMistakeAboutEventsIsToldWithItsLineAndItsCure(String line, String wrong, String message) throws IOException {
        assertThat(BRONZE).contains(line);
        Files.writeString(bronze, BRONZE.replaceFirst(Pattern.quote(line), wrong));
        assertThat(mistakes()).contains(message).contains("bronze.odcs.yaml:");
    }

    @Test
    void allMistakesOfAllFilesAreToldAtOnceInTheOrderOfTheirLines() throws IOException {
        Files.writeString(
                bronze,
                BRONZE.replace("physicalType: JSON", "physicalType: JSN").replace("id: bronze", "ids: bronze"));
        Files.writeString(silver, SILVER.replace("kind: DataContract", "kind: X"));

        assertThat(mistakes().lines().map(line -> line.replaceFirst("(:\\d+:).*", "$1")))
                .containsExactly(
                        "bronze.odcs.yaml:1:",
                        "bronze.odcs.yaml:3:",
                        "bronze.odcs.yaml:28:",
                        "bronze.odcs.yaml:28:",
                        "silver.odcs.yaml:2:");
    }

    @Test
    void oneTableAndOneStreamHaveOneContract() throws IOException {
        Files.writeString(bronze, BRONZE);
        Files.writeString(folder.resolve("copy.odcs.yaml"), BRONZE);

        assertThat(mistakes())
                .contains("copy.odcs.yaml:8: the table 'bronze.things' is described already, in ")
                .contains("the stream 'things' is described already, in ");
    }

    @Test
    void aPartitionNeedsATypeWithFewValuesAndAColumnToBeLeft() throws IOException {
        Files.writeString(
                silver,
                SILVER.replace("physicalType: BIGINT", "physicalType: BIGINT\n        partitioned: true")
                        .replace("physicalType: DECIMAL(18, 2)", "physicalType: DOUBLE\n        partitioned: true"));
        assertThat(mistakes())
                .contains("column 'price': a partition is a folder for each value, and DOUBLE has too many.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "schema: [                 | :1: not YAML:",
                "'a: b: c'                 | :1: not YAML: mapping values are not allowed here",
                "- one                     | :1: a contract is expected here, as lines of 'key: value'.",
                "''                        | :1: a contract is expected here",
                "'a: 1#a: 2'               | :2: a contract: the key 'a' is there already, in line 1.",
                "'schema: []'              | :1: a contract: 'schema' must have one item, the table; it has 0.",
                "'schema: &s [{name: x, properties: *s}]' | :1:",
            })
    void textThatIsNoContractIsToldToo(String text, String message) throws IOException {
        Files.writeString(silver, text.replace("#", "\n"));
        assertThat(mistakes()).contains("silver.odcs.yaml" + message);
    }

    @Test
    void eventsThatContainThemselvesAreTold() throws IOException {
        String closed = BRONZE.replace("\n            properties:", "\n            properties: &fields")
                .replace(
                        "logicalType: timestamp\n      - name",
                        "logicalType: object\n                properties: *fields\n      - name");
        assertThat(closed).contains("&fields").contains("*fields");
        Files.writeString(bronze, closed);
        assertThat(mistakes()).contains("nested more than 16 deep. Flatten the event.");
    }

    @Test
    void bytesThatAreNoTextAreToldWithTheirLine() throws IOException {
        Files.write(silver, "a: b\nc: ä".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(mistakes()).contains("silver.odcs.yaml:2: not UTF-8.");
        Files.writeString(silver, "a: b\nc: \u0001");
        assertThat(mistakes()).contains("silver.odcs.yaml:2: the character U+0001 is not allowed in YAML.");
    }

    /** Left out in silence, the table would be gone. */
    @Test
    void aLinkToNowhereIsTold() throws IOException {
        Files.createSymbolicLink(folder.resolve("z.odcs.yaml"), folder.resolve("absent"));
        assertThat(mistakes()).contains("z.odcs.yaml: cannot be read");
    }

    @Test
    void aFolderWithoutContractsIsTold() throws IOException {
        assertThat(mistakes()).contains("holds no *.odcs.yaml file");
        Files.writeString(folder.resolve("x.odcs.yml"), SILVER);
        assertThat(mistakes()).contains("x.odcs.yml: is not read, because of its name.");
        folder = folder.resolve("absent");
        assertThat(mistakes()).contains("absent: there is no such folder.");
    }
}
