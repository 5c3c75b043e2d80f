package dev.wadi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;

/** The contracts in schemas/tables. */
class ShippedContractsTest {
    private final Contracts contracts = Contracts.load(Path.of("schemas", "tables"));

    @Test
    void everyTableIsDescribed() {
        assertThat(contracts.all())
                .extracting(contract -> contract.table().toString())
                .containsExactly(
                        "bronze.bookings",
                        "bronze.clickstream",
                        "bronze.holidays",
                        "bronze.rates",
                        "bronze.shop",
                        "gold.agg_daily_metrics",
                        "gold.agg_monthly_user_activity",
                        "gold.dim_agency",
                        "gold.dim_customer",
                        "gold.dim_product",
                        "gold.dim_time",
                        "gold.fact_events",
                        "gold.fact_intake",
                        "gold.fact_order_status",
                        "gold.fact_orders",
                        "gold.fact_sessions",
                        "gold.fact_user_days",
                        "gold.rates",
                        "quarantine.bronze_bookings",
                        "quarantine.bronze_clickstream",
                        "silver.booking_states",
                        "silver.bookings",
                        "silver.clickstream",
                        "silver.customer_states",
                        "silver.customers",
                        "silver.order_states",
                        "silver.orders",
                        "silver.product_states",
                        "silver.products");
        assertThat(contracts.stream("clickstream").orElseThrow().table()).hasToString("bronze.clickstream");
        assertThat(contracts.stream("bookings").orElseThrow().table()).hasToString("bronze.bookings");
    }

    @Test
    void everyColumnSaysWhatItIs() {
        for (Contract contract : contracts.all()) {
            assertThat(contract.columns())
                    .as("%s", contract.table())
                    .allSatisfy(column -> assertThat(column.description()).isNotBlank());
        }
    }

    @Test
    void whatIsAddedUpComesFromATableThatOnlyGrows() {
        // fact_events.sql, fact_user_days.sql and fact_sessions.sql add; with updates in silver.clickstream they would
        // count twice
        assertThat(contracts.get(TableName.parse("silver.clickstream")).whenMatched())
                .isEqualTo(WhenMatched.KEEP_FIRST);
    }

    @Test
    void theyFollowTheOpenDataContractStandard() throws IOException {
        // it warns about each keyword that the standard made up for itself
        ((Logger) LoggerFactory.getLogger("com.networknt.schema")).setLevel(Level.ERROR);
        JsonSchema standard;
        try (InputStream schema = getClass().getResourceAsStream("odcs-json-schema-v3.1.0.json")) {
            standard = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V201909)
                    .getSchema(Objects.requireNonNull(schema));
        }
        ObjectMapper json = new ObjectMapper();
        for (Contract contract : contracts.all()) {
            try (InputStream yaml = Files.newInputStream(contract.file())) {
                Object document = new Yaml().load(yaml);
                assertThat(standard.validate(json.writeValueAsString(document), InputFormat.JSON))
                        .as("%s", contract.file())
                        .isEmpty();
            }
        }
        assertThat(standard.validate("{\"kind\":\"Something\"}", InputFormat.JSON))
                .isNotEmpty();
    }

    @Test
    void theExampleInTheReferenceCanBeUsed(@TempDir Path folder) throws IOException {
        String page = Files.readString(Path.of("docs", "reference", "contracts.md"));
        String example =
                page.substring(page.indexOf("```yaml\n") + 8, page.lastIndexOf("```\n\nA table that a transform"));
        Files.writeString(folder.resolve("sensors.odcs.yaml"), example);
        assertThat(Contracts.load(folder).stream("sensors")).isPresent();
    }

    @Test
    void theEventsOfBookingsAreIdentifiedByTheirPayload() {
        EventShape bookings = Objects.requireNonNull(
                contracts.get(TableName.parse("bronze.bookings")).event());
        assertThat(bookings.id()).isNull();
        assertThat(bookings.fields())
                .filteredOn(field -> field.type() == EventShape.Type.OBJECT)
                .extracting(EventShape.Field::name)
                .containsExactly("customer", "product");
        EventShape.Field status = bookings.fields().stream()
                .filter(field -> field.name().equals("status"))
                .findFirst()
                .orElseThrow();
        assertThat(status.allowed()).isEqualTo(List.of("created", "confirmed", "cancelled"));
    }
}
