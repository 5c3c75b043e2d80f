package dev.wadi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each SELECT in routes/transform, over rows made by hand. */
class TransformSqlTest {
    private static final Path TRANSFORMS = Path.of("routes", "transform");
    private static final Contracts CONTRACTS = Contracts.load(Path.of("schemas", "tables"));

    private Connection session;

    @BeforeEach
    void openSession() throws SQLException {
        session = DriverManager.getConnection("jdbc:duckdb:");
        execute("SET TimeZone = 'UTC'");
        for (String layer : List.of("bronze", "silver", "gold", "quarantine")) {
            execute("CREATE SCHEMA " + layer);
        }
        for (Contract contract : CONTRACTS.all()) {
            execute("CREATE TABLE %s (%s)"
                    .formatted(
                            contract.table(),
                            contract.stored().stream()
                                    .map(column -> "\"%s\" %s"
                                            .formatted(
                                                    column.name(), column.type().sql()))
                                    .collect(Collectors.joining(", "))));
        }
    }

    @AfterEach
    void closeSession() throws SQLException {
        session.close();
    }

    @Test
    void aClickstreamEventBecomesTypedAndCleanColumns() throws Exception {
        bronze("clickstream", "e1", """
                {"event_id":"e1","user_id":" u1 ","session_id":"  ","action":"purchase",
                 "event_time":"2026-11-21T00:30:00.123456+01:00","product_id":"p1","page_url":"https://x.example/",
                 "referrer":null,"user_agent":"UA","device":" mobile ",
                 "location":{"country":"de","city":" Köln ","lat":50.9,"lon":7},
                 "engagement":{"time_on_page_ms":5000000000,"scroll_depth":80.5},"more":[1]}""");
        bronze("clickstream", "e2", """
                {"event_id":"e2","user_id":"u2","action":"login","event_time":"2026-11-21T10:00Z",
                 "location":{"country":"Germany"}}""");

        List<Map<String, Object>> rows = run("silver_clickstream.sql", "silver.clickstream");

        assertThat(rows).hasSize(2);
        assertThat(text(rows.get(0)))
                .containsEntry("event_id", "e1")
                .containsEntry("event_date", "2026-11-20")
                .containsEntry("event_time", "2026-11-20T23:30:00.123456Z")
                .containsEntry("user_id", "u1")
                .containsEntry("session_id", "null")
                .containsEntry("referrer", "null")
                .containsEntry("device", "mobile")
                .containsEntry("country", "DE")
                .containsEntry("city", "Köln")
                .containsEntry("lat", "50.9")
                .containsEntry("lon", "7.0")
                .containsEntry("time_on_page_ms", "5000000000")
                .containsEntry("scroll_depth", "80.5")
                .containsEntry("source", "test")
                .containsEntry("position", "e1");
        assertThat(text(rows.get(0)).get("_doc")).contains("\"more\":[1]");
        assertThat(text(rows.get(1)))
                .containsEntry("event_time", "2026-11-21T10:00Z")
                .containsEntry("country", "Germany")
                .containsEntry("lat", "null")
                .containsEntry("time_on_page_ms", "null");
    }

    @Test
    void aBookingBecomesTypedAndCleanColumns() throws Exception {
        bronze("bookings", "h1", booking("b1", "2026-11-20T10:00:00Z", "confirmed"));

        List<Map<String, Object>> rows = run("silver_bookings.sql", "silver.bookings");

        assertThat(rows).hasSize(1);
        assertThat(text(rows.getFirst()))
                .containsEntry("booking_id", "b1")
                .containsEntry("customer_id", "c1")
                .containsEntry("customer_email", "ann@example.org")
                .containsEntry("customer_country", "FR")
                .containsEntry("product_id", "p1")
                .containsEntry("product_type", "hotel")
                .containsEntry("destination", "Rome")
                .containsEntry("quantity", "3")
                .containsEntry("unit_price", "99.90")
                .containsEntry("currency", "EUR")
                .containsEntry("amount", "999999999999.00")
                .containsEntry("booked_at", "2026-11-19T23:30Z")
                .containsEntry("travel_date", "2027-01-01")
                .containsEntry("updated_at", "2026-11-20T10:00Z");
    }

    @Test
    void bookingsBecomeOrdersAndDimensionsThatShareTheirKeys() throws Exception {
        bronze("bookings", "h1", booking("b1", "2026-11-20T10:00:00Z", "cancelled"));
        keepStates();

        Map<String, Object> product =
                fill("dim_product.sql", "gold.dim_product", "product_id = 'p1'").getFirst();
        Map<String, Object> customer = fill("dim_customer.sql", "gold.dim_customer", "customer_id = 'c1'")
                .getFirst();
        Map<String, Object> agency =
                fill("dim_agency.sql", "gold.dim_agency", "agency_id = 'a1'").getFirst();
        Map<String, Object> order = run("fact_orders.sql", "gold.fact_orders").getFirst();

        assertThat(text(order))
                .containsEntry("source_system", "bookings")
                .containsEntry("booked_date", "2026-11-19")
                .containsEntry("date_key", "20261119")
                .containsEntry("travel_date_key", "20270101")
                .containsEntry("amount_eur", "999999999999.00")
                .containsEntry("status", "cancelled");
        assertThat(order.get("product_key")).isEqualTo(product.get("product_key"));
        assertThat(order.get("customer_key")).isEqualTo(customer.get("customer_key"));
        assertThat(order.get("agency_key")).isEqualTo(agency.get("agency_key"));
        // written down: a surrogate key must be the same in every run and every version of the engine
        assertThat(product).containsEntry("product_key", 588897376284075341L).containsEntry("name", "Inn");
        assertThat(customer).containsEntry("name", "Ann").containsEntry("segment", "leisure");
    }

    @Test
    void anOrderBeforeItsDimensionsAndWithoutATravelDateRefersToTheUnknown() throws Exception {
        bronze(
                "bookings",
                "h1",
                booking("b1", "2026-11-20T10:00:00Z", "created")
                        .replace("\"2027-01-01\"", "null")
                        .replace("eur", "xts"));
        keepStates();

        assertThat(text(run("fact_orders.sql", "gold.fact_orders").getFirst()))
                .containsEntry("travel_date_key", "-1")
                .containsEntry("product_key", "-1")
                .containsEntry("customer_key", "-1")
                .containsEntry("agency_key", "-1")
                .containsEntry("amount_eur", "null")
                .containsEntry("travel_date", "null");
    }

    private void keepStates() throws Exception {
        execute("INSERT INTO silver.booking_states " + select("silver_bookings.sql", "silver.booking_states"));
        changesAre("silver.booking_states");
    }

    /** Runs a SELECT, puts its rows into its table, and gives some of them. */
    private List<Map<String, Object>> fill(String file, String target, String which) throws Exception {
        List<Map<String, Object>> all = run(file, target);
        String columns = CONTRACTS.get(TableName.parse(target)).stored().stream()
                .map(Column::name)
                .collect(Collectors.joining(", "));
        execute("INSERT INTO %s SELECT %s FROM (%s)".formatted(target, columns, select(file, target)));
        String column = which.substring(0, which.indexOf(' '));
        String value = which.substring(which.indexOf('\'') + 1, which.length() - 1);
        return all.stream().filter(row -> value.equals(row.get(column))).toList();
    }

    @Test
    void theCalendarHasEveryDayOfAHundredYearsOnceAndTheUnknownOne() throws Exception {
        bronze("holidays", "h1", "{\"day\":\"2027-01-01\",\"name\":\"New Year's Day\"}");
        changesAre("bronze.holidays");
        List<Map<String, Object>> rows = run("dim_time.sql", "gold.dim_time");

        assertThat(rows).hasSize(36_526);
        assertThat(rows.stream().map(row -> row.get("date_key")).distinct()).hasSize(36_526);
        assertThat(rows.stream().filter(row -> Integer.valueOf(-1).equals(row.get("date_key"))))
                .singleElement()
                .satisfies(row -> assertThat(row.get("date")).isNull());
        Map<String, String> newYear = text(rows.stream()
                .filter(row -> Integer.valueOf(20270101).equals(row.get("date_key")))
                .findFirst()
                .orElseThrow());
        assertThat(newYear)
                .containsEntry("year", "2027")
                .containsEntry("quarter", "1")
                .containsEntry("month_name", "January")
                .containsEntry("iso_year", "2026")
                .containsEntry("iso_week", "53")
                .containsEntry("day_of_week", "5")
                .containsEntry("day_name", "Friday")
                .containsEntry("is_weekend", "false")
                .containsEntry("week_start", "2026-12-28")
                .containsEntry("quarter_start", "2027-01-01")
                .containsEntry("is_holiday", "true")
                .containsEntry("holiday_name", "New Year's Day");
    }

    @Test
    void eventCountsAddWhatIsNewToWhatTheTableHolds() throws Exception {
        execute(
                "INSERT INTO gold.fact_events VALUES ('2026-11-21', 'login', 20261121, 40), ('2026-11-20', 'login', 20261120, 7)");
        silverClicks();

        assertThat(run("fact_events.sql", "gold.fact_events"))
                .extracting(row -> text(row).values().toString())
                .containsExactlyInAnyOrder("[2026-11-21, login, 20261121, 42]", "[2026-11-21, search, 20261121, 1]");
    }

    @Test
    void userDaysAddWhatIsNewAndNameTheUnknown() throws Exception {
        execute("INSERT INTO gold.fact_user_days VALUES ('2026-11-21', 'u1', 'unknown', 'mobile', 20261121, 9)");
        silverClicks();

        assertThat(run("fact_user_days.sql", "gold.fact_user_days"))
                .extracting(row -> text(row).values().toString())
                .containsExactlyInAnyOrder(
                        "[2026-11-21, u1, unknown, mobile, 20261121, 11]",
                        "[2026-11-21, u2, DE, unknown, 20261121, 1]");
    }

    private void silverClicks() throws SQLException {
        for (String row : List.of(
                "'e1', 'u1', 'login', NULL, 'mobile'",
                "'e2', 'u1', 'login', NULL, 'mobile'",
                "'e3', 'u2', 'search', 'DE', NULL")) {
            execute("INSERT INTO silver.clickstream (event_date, event_id, user_id, action, country, device)"
                    + " VALUES ('2026-11-21', %s)".formatted(row));
        }
        changesAre("silver.clickstream");
    }

    private static String booking(String id, String updatedAt, String status) {
        return """
                {"booking_id":" %s","agency_id":"a1","agency_name":"Agency",
                 "customer":{"id":"c1","name":"Ann","email":" Ann@Example.org","country":"fr","segment":"leisure"},
                 "product":{"id":"p1","name":"Inn","type":"hotel","destination":"Rome"},
                 "quantity":3,"unit_price":99.9,"currency":"eur","amount":999999999999,"status":"%s",
                 "booked_at":"2026-11-20T00:30:00+01:00","travel_date":"2027-01-01","updated_at":"%s"}""".formatted(id, status, updatedAt);
    }

    private void bronze(String stream, String id, String payload) throws SQLException {
        try (PreparedStatement insert =
                session.prepareStatement("INSERT INTO bronze.%s VALUES (?, ?, 'test', ?, now())".formatted(stream))) {
            insert.setString(1, id);
            insert.setString(2, payload);
            insert.setString(3, id);
            insert.execute();
        }
        changesAre("bronze." + stream);
    }

    private void changesAre(String table) throws SQLException {
        execute("CREATE OR REPLACE TEMP VIEW changes AS SELECT * FROM " + table);
    }

    /** The rows of a SELECT, its columns having been compared with the contract of {@code target}. */
    private List<Map<String, Object>> run(String file, String target) throws Exception {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet result = statement.executeQuery(select(file, target))) {
            while (result.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.put(result.getMetaData().getColumnName(i), result.getObject(i));
                }
                rows.add(row);
            }
        }
        for (Column column : CONTRACTS.get(TableName.parse(target)).columns()) {
            if (column.required()) {
                assertThat(rows)
                        .as(column.name())
                        .allSatisfy(row -> assertThat(row.get(column.name())).isNotNull());
            }
        }
        return rows;
    }

    private String select(String file, String target) throws IOException, SQLException {
        String sql = Files.readString(TRANSFORMS.resolve(file));
        Map<String, String> types = new LinkedHashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM (\n" + sql + "\n)")) {
            while (columns.next()) {
                types.put(columns.getString("column_name"), columns.getString("column_type"));
            }
        }
        Map<String, String> promised = new LinkedHashMap<>();
        for (Column column : CONTRACTS.get(TableName.parse(target)).columns()) {
            String type = column.type().sql();
            promised.put(column.name(), type.equals("TIMESTAMPTZ") ? "TIMESTAMP WITH TIME ZONE" : type);
        }
        assertThat(types.entrySet()).as(file).containsExactlyElementsOf(promised.entrySet());
        return sql;
    }

    private static Map<String, String> text(Map<String, Object> row) {
        Map<String, String> text = new LinkedHashMap<>();
        row.forEach((name, value) -> text.put(name, String.valueOf(value)));
        return text;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
