package dev.wadi.generator;

import dev.wadi.generator.World.Customer;
import dev.wadi.generator.World.Product;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A shop at work: customers come and move, prices change, orders are made, confirmed, cancelled and, when they are cancelled, sometimes
 * deleted. Each step is a transaction on the tables customers, products and orders of a schema.
 */
public final class ShopSimulation {
    private static final long SECOND = 1_000_000_000L;
    private static final int KNOWN = 10_000;

    /** What may happen. */
    public enum Step {
        ORDER,
        CONFIRM,
        CANCEL,
        DELETE,
        CUSTOMER,
        MOVE,
        PRICE
    }

    private final String schema;
    private final Random random;
    private final String prefix;
    private final List<String> orders = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();
    private final Map<Step, Long> steps = new EnumMap<>(Step.class);
    private long made;

    /** @param schema of the three tables */
    public ShopSimulation(String schema, long seed) {
        this.schema = "\"" + schema.replace("\"", "\"\"") + "\"";
        this.random = new Random(seed);
        // a simulation again is another one: its orders have other names
        this.prefix = "O-%s-".formatted(Long.toString(System.currentTimeMillis(), 36));
    }

    /**
     * Takes {@code count} steps.
     *
     * @param count 0 for until the process is ended
     * @param rate steps in a second; 0 for as fast as it goes
     * @return how many of which kind
     */
    public Map<Step, Long> run(String jdbcUrl, long count, long rate) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            List<String> customers = ids(connection, "customer_id", "customers");
            List<String> products = ids(connection, "product_id", "products");
            long began = System.nanoTime();
            for (long i = 0; count == 0 || i < count; i++) {
                if (rate > 0) {
                    long due = began + (long) ((double) i / rate * SECOND);
                    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                }
                steps.merge(step(connection, customers, products), 1L, Long::sum);
            }
        }
        return steps;
    }

    private List<String> ids(Connection connection, String column, String table) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT %1$s FROM %2$s.%3$s ORDER BY %1$s LIMIT %4$d".formatted(column, schema, table, KNOWN))) {
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
        }
        return ids;
    }

    private Step step(Connection connection, List<String> customers, List<String> products) throws SQLException {
        int chance = random.nextInt(100);
        if (customers.isEmpty() || chance < 6) {
            return customer(connection, customers);
        }
        if (products.isEmpty() || chance < 10) {
            return price(connection, products);
        }
        if (chance < 15) {
            run(
                    connection,
                    "UPDATE %s.customers SET country = ?, updated_at = now() WHERE customer_id = ?",
                    World.CITIES.get(random.nextInt(World.CITIES.size())).country(),
                    any(customers));
            return Step.MOVE;
        }
        if (chance < 20 && !cancelled.isEmpty()) {
            run(
                    connection,
                    "DELETE FROM %s.orders WHERE order_id = ?",
                    cancelled.remove(random.nextInt(cancelled.size())));
            return Step.DELETE;
        }
        if (chance < 55 && !orders.isEmpty()) {
            boolean confirm = random.nextInt(4) > 0;
            String order = orders.remove(random.nextInt(orders.size()));
            run(
                    connection,
                    "UPDATE %s.orders SET status = ?, updated_at = now() WHERE order_id = ?",
                    confirm ? "confirmed" : "cancelled",
                    order);
            if (!confirm) {
                cancelled.add(order);
            }
            return confirm ? Step.CONFIRM : Step.CANCEL;
        }
        String order = prefix + made++;
        int quantity = 1 + random.nextInt(4);
        run(
                connection,
                "INSERT INTO %s.orders (order_id, customer_id, product_id, quantity, amount, currency, status, ordered_at, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, 'EUR', 'created', now(), now())",
                order,
                any(customers),
                any(products),
                quantity,
                new BigDecimal(ShopFiles.money(quantity * (1_000L + random.nextInt(50_000)))));
        orders.add(order);
        return Step.ORDER;
    }

    private Step customer(Connection connection, List<String> customers) throws SQLException {
        Customer customer = World.customer(random.nextInt(World.CUSTOMERS));
        run(
                connection,
                "INSERT INTO %s.customers (customer_id, name, email, country, segment, updated_at) VALUES (?, ?, ?, ?, ?, now())"
                        + " ON CONFLICT (customer_id) DO UPDATE SET segment = excluded.segment, updated_at = now()",
                customer.id(),
                customer.name(),
                customer.email(),
                customer.home().country(),
                customer.segment());
        customers.add(customer.id());
        return Step.CUSTOMER;
    }

    private Step price(Connection connection, List<String> products) throws SQLException {
        Product product = World.product(random.nextInt(World.PRODUCTS));
        run(
                connection,
                "INSERT INTO %s.products (product_id, name, type, destination, price, currency, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, 'EUR', now())"
                        + " ON CONFLICT (product_id) DO UPDATE SET price = excluded.price, updated_at = now()",
                product.id(),
                product.name(),
                product.type(),
                product.destination(),
                new BigDecimal(ShopFiles.money(product.cents() + random.nextInt(1_000))));
        products.add(product.id());
        return Step.PRICE;
    }

    private String any(List<String> ids) {
        return ids.get(random.nextInt(ids.size()));
    }

    private void run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.formatted(schema))) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
