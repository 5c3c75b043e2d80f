package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A customer of the shop who books with an agency is one customer of the dimension: the later word counts, in any order. */
class OneCustomerTest {
    private static final Contracts SHIPPED = Contracts.load(Path.of("schemas", "tables"));
    private static final TableName DIMENSION = TableName.parse("gold.dim_customer");
    private static final String CURRENT = "gold.dim_customer WHERE is_current AND customer_id IS NOT NULL";
    private static final TableName BOOKINGS = TableName.parse("silver.booking_states");
    private static final TableName CUSTOMERS = TableName.parse("silver.customer_states");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLaterWordCounts(boolean shopFirst) throws Exception {
        try (MergeFixture wadi = new MergeFixture(folder, SHIPPED.all().toArray(Contract[]::new))) {
            wadi.merge(SHIPPED.get(BOOKINGS), booking("b1", "early", 9));
            wadi.merge(SHIPPED.get(BOOKINGS), booking("b2", "both", 10));
            wadi.merge(SHIPPED.get(BOOKINGS), booking("b3", "late", 12));
            wadi.merge(SHIPPED.get(CUSTOMERS), customer("early", 11, "of the shop"));
            wadi.merge(SHIPPED.get(CUSTOMERS), customer("both", 10, "of the shop"));
            wadi.merge(SHIPPED.get(CUSTOMERS), customer("late", 11, "of the shop"));
            wadi.merge(SHIPPED.get(CUSTOMERS), customer("alone", 1, "of the shop"));

            for (boolean shop : new boolean[] {shopFirst, !shopFirst}) {
                wadi.transforms.run(transform(shop ? CUSTOMERS : BOOKINGS));
            }

            assertThat(wadi.rows(CURRENT, DIMENSION, "customer_id, name, left(booking_id, 5), source"))
                    .containsExactly(
                            "alone|of the shop|~shop|shop.customers",
                            "both|of the shop|~shop|shop.customers",
                            "early|of the shop|~shop|shop.customers",
                            "late|of a booking|b3|rabbitmq:events.bookings");
            assertThat(wadi.rows(CURRENT, DIMENSION, "count(DISTINCT customer_key)"))
                    .containsExactly("4");
            assertThat(wadi.rows(DIMENSION, "customer_id, name, hour(valid_from), hour(valid_to)"))
                    .contains(
                            "early|of a booking|11",
                            "early|of the shop|11",
                            "late|of the shop|12",
                            "late|of a booking|12");

            // in the same millisecond, and without moving its updated_at
            wadi.merge(SHIPPED.get(CUSTOMERS), customer("alone", 1, "renamed").replace("1 AS lsn", "2 AS lsn"));
            wadi.transforms.run(transform(CUSTOMERS));
            assertThat(wadi.rows(DIMENSION, "customer_id, name")).contains("alone|renamed");
        }
    }

    private static Transforms.Transform transform(TableName source) {
        return ShippedTransforms.of(DIMENSION).stream()
                .filter(transform -> transform.source().equals(source))
                .findFirst()
                .orElseThrow();
    }

    private static String booking(String id, String customer, int hour) {
        return """
                SELECT '%s' AS booking_id, 'a1' AS agency_id, NULL AS agency_name, '%s' AS customer_id, 'of a booking' AS customer_name,
                  NULL AS customer_email, 'SE' AS customer_country, NULL AS customer_segment, 'p1' AS product_id, NULL AS product_name,
                  'car' AS product_type, NULL AS destination, 1 AS quantity, 1 AS unit_price, 'EUR' AS currency, 1 AS amount,
                  'created' AS status, %3$s AS booked_at, NULL AS travel_date, %3$s AS updated_at,
                  'rabbitmq:events.bookings' AS source, 'm1' AS position, %3$s AS received_at
                """.formatted(id, customer, at(hour));
    }

    private static String customer(String id, int hour, String name) {
        return """
                SELECT '%1$s' AS customer_id, '%4$s' AS customer_name, NULL AS customer_email, 'SE' AS customer_country,
                  NULL AS customer_segment, %2$s AS updated_at, format('~shop {:020d}', lsn) AS booking_id, 1 AS epoch, lsn,
                  0 AS number, 'shop.customers' AS source, 'lsn' AS position, %2$s AS received_at
                FROM (SELECT %3$d AS lsn)
                """.formatted(id, at(hour), hour, name);
    }

    private static String at(int hour) {
        return "TIMESTAMPTZ '2026-11-20 %02d:00:00+00'".formatted(hour);
    }
}
