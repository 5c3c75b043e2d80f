package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import io.micronaut.context.ApplicationContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route of the folder drop as it is shipped, on a lake of its own. */
class FolderDropsTest {
    @TempDir
    Path root;

    @Test
    void smoke() throws Exception {
        Files.createDirectories(root.resolve("routes"));
        Files.copy(Path.of("routes/ingest/folder-drops.camel.yaml"), root.resolve("routes/folder-drops.camel.yaml"));
        Path drops = root.resolve("data/drops/bookings");
        Files.createDirectories(drops);
        Files.createDirectories(root.resolve("data/drops/nothing"));
        Files.writeString(drops.resolve("a.csv"), "booking_id,agency_id\n1,2\n");
        Files.writeString(root.resolve("data/drops/nothing/b.csv"), "x\n");
        Files.writeString(drops.resolve("c.csv"), "booking_id,agency_id,customer_id,product_id,product_type,quantity,unit_price,currency,amount,status,booked_at,updated_at\n"
          + "B1,A1,C1,P1,hotel,1,2.50,EUR,2.50,created,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\nB1,oops\n");
        try (ApplicationContext application = ApplicationContext.run(Map.of(
                "wadi.routes-dir", root.resolve("routes").toString(),
                "wadi.schemas-dir", Path.of("schemas").toAbsolutePath().toString(),
                "wadi.lake", root.resolve("lake").toString(),
                "wadi.data-dir", root.resolve("data").toString(),
                "rabbitmq.uri", "amqp://guest:secret@127.0.0.1:1"))) {
            for (int i = 0; i < 60; i++) {
                Thread.sleep(500);
                try (var files = Files.walk(root.resolve("data"))) { var l = files.filter(Files::isRegularFile).filter(f -> !f.toString().contains("duckdb")).toList(); if (i % 6 == 5) System.out.println(l);
                  if (l.size() >= 5 && l.stream().noneMatch(f -> f.startsWith(root.resolve("data/drops")))) break; }
            }
            System.out.println(application.getBean(Routes.class).list());
            try (var files = Files.walk(root.resolve("data"))) { files.filter(Files::isRegularFile).filter(f -> f.toString().endsWith("txt")).forEach(f -> { try { System.out.println(f + ": " + Files.readString(f)); } catch (java.io.IOException e) {} }); }
            LakeReader reader = application.getBean(LakeReader.class);
            System.out.println(reader);
        }
    }
}
