package dev.wadi.generator;

import dev.wadi.generator.World.Customer;
import dev.wadi.generator.World.Product;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A shop as three files: {@code customers.csv}, {@code products.csv} and {@code orders.csv}, the same for the same seed. */
public final class ShopFiles {
    private static final List<String> STATUSES = List.of("created", "confirmed", "confirmed", "cancelled");
    private static final long MINUTE_MILLIS = 60_000;
    private static final int CUSTOMERS_IN_A_HUNDRED_ORDERS = 20;

    private ShopFiles() {}

    /**
     * Writes the files.
     *
     * @param start when the first order came; a minute later the next
     * @return the files, those first that others refer to
     */
    public static List<Path> write(Path folder, long seed, Instant start, long orders) throws IOException {
        Files.createDirectories(folder);
        Random random = new Random(seed);
        int customers = (int) Math.clamp(orders * CUSTOMERS_IN_A_HUNDRED_ORDERS / 100, 10, World.CUSTOMERS);
        Path customerFile = folder.resolve("customers.csv");
        try (BufferedWriter out = Files.newBufferedWriter(customerFile)) {
            out.write("customer_id,name,email,country,segment,updated_at\n");
            for (int i = 0; i < customers; i++) {
                Customer customer = World.customer(i);
                out.write(row(
                        customer.id(),
                        customer.name(),
                        customer.email(),
                        customer.home().country(),
                        customer.segment(),
                        start.toString()));
            }
        }
        Path productFile = folder.resolve("products.csv");
        try (BufferedWriter out = Files.newBufferedWriter(productFile)) {
            out.write("product_id,name,type,destination,price,currency,updated_at\n");
            for (int i = 0; i < World.PRODUCTS; i++) {
                Product product = World.product(i);
                out.write(row(
                        product.id(),
                        product.name(),
                        product.type(),
                        product.destination(),
                        money(product.cents()),
                        "EUR",
                        start.toString()));
            }
        }
        Path orderFile = folder.resolve("orders.csv");
        try (BufferedWriter out = Files.newBufferedWriter(orderFile)) {
            out.write("order_id,customer_id,product_id,quantity,amount,currency,status,ordered_at,updated_at\n");
            for (long i = 0; i < orders; i++) {
                Product product = World.product(random.nextInt(World.PRODUCTS));
                int quantity = 1 + random.nextInt(4);
                Instant at = start.plusMillis(i * MINUTE_MILLIS);
                out.write(row(
                        "O-%08d".formatted(i),
                        World.customer(random.nextInt(customers)).id(),
                        product.id(),
                        Integer.toString(quantity),
                        money(product.cents() * quantity),
                        "EUR",
                        STATUSES.get(random.nextInt(STATUSES.size())),
                        at.toString(),
                        at.plusMillis(random.nextInt((int) MINUTE_MILLIS)).toString()));
            }
        }
        return List.of(customerFile, productFile, orderFile);
    }

    static String money(long cents) {
        return "%d.%02d".formatted(cents / 100, cents % 100);
    }

    private static String row(String... values) {
        StringBuilder out = new StringBuilder();
        for (String value : values) {
            if (!out.isEmpty()) {
                out.append(',');
            }
            if (value.contains(",") || value.contains("\"")) {
                FlatText.quoted(value, out);
            } else {
                out.append(value);
            }
        }
        return out.append('\n').toString();
    }
}
