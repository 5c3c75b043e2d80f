package dev.wadi.route;

import static dev.wadi.route.Drops.BOOKINGS;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.specialized.BlockBlobClient;
import dev.wadi.file.BookingRows;
import dev.wadi.parts.Await;
import dev.wadi.parts.AzuriteServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The blob drop as it is shipped, against Azurite. */
class BlobDropsTest {
    @TempDir
    Path root;

    @SuppressWarnings("NullAway.Init")
    private AzuriteServer azurite;

    @BeforeEach
    void start() {
        azurite = AzuriteServer.start();
    }

    @AfterEach
    void stop() {
        azurite.close();
    }

    private Drops drops() throws IOException {
        return new Drops(
                root,
                "blob-drops.camel.yaml",
                Map.of("wadi.blob.enabled", "true", "azure.storage.connection-string", azurite.connection()));
    }

    private void put(String name, String content) {
        azurite.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Set<String> names() {
        return azurite.names().stream().map(Drops::unstamped).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void blobsAreMergedAndMoved() throws Exception {
        put("drops/bookings/a.csv", BookingRows.file(1, 3_000));
        put("drops/bookings/broken.csv", "what,is,this\n");
        put("drops/nothing/b.csv", "x");
        put("elsewhere/c.csv", "x");
        try (Drops drops = drops()) {
            Await.until("all are moved", () -> names().stream().noneMatch(name -> name.startsWith("drops/")));
            assertThat(names())
                    .containsExactly(
                            "elsewhere/c.csv",
                            "processed/bookings/a.csv",
                            "rejected/bookings/broken.csv",
                            "rejected/bookings/broken.csv.report.txt",
                            "rejected/nothing/b.csv",
                            "rejected/nothing/b.csv.report.txt");
            assertThat(drops.count(BOOKINGS)).isEqualTo(3_000);
            assertThat(drops.query(BOOKINGS, "SELECT DISTINCT source FROM t"))
                    .containsExactly("azure-storage-blob:wadi/wadi");
            assertThat(drops.query(BOOKINGS, "SELECT count(*) FROM t WHERE position = 'bookings/a.csv#line 2'"))
                    .containsExactly("1");
            assertThat(new String(
                            azurite.get(azurite.names().stream()
                                    .filter(name -> name.contains("broken") && name.endsWith(".txt"))
                                    .findFirst()
                                    .orElseThrow()),
                            StandardCharsets.UTF_8))
                    .startsWith("drops/bookings/broken.csv: Line 1 is no header of the stream bookings");
            put("drops/bookings/a.csv", BookingRows.file(1, 3_000));
            Await.until("the same again", () -> names().stream().noneMatch(name -> name.startsWith("drops/")));
            assertThat(drops.count(BOOKINGS)).isEqualTo(3_000);
            assertThat(drops.files("blobs")).isEmpty();
        }
    }

    @Test
    void aContainerThatIsNotThereIsMade() throws Exception {
        azurite.container().delete();
        try (Drops drops = drops()) {
            Await.until("the container is made", () -> azurite.container().exists());
            put("drops/bookings/a.csv", BookingRows.file(1, 10));
            Await.until("it is processed", () -> names().contains("processed/bookings/a.csv"));
            assertThat(drops.count(BOOKINGS)).isEqualTo(10);
        }
    }

    @Test
    void aThousandMalformedInputsAddUp() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> events = BookingRows.events(seed, 400).distinct().toList();
        int unreadable = 10;
        int badRows = 990;
        for (int i = 0; i < unreadable; i++) {
            azurite.put("drops/bookings/unreadable-%d.csv".formatted(i), FolderDropsTest.unreadable(random));
        }
        StringBuilder mixed = new StringBuilder(BookingRows.HEADER).append('\n');
        events.forEach(event -> mixed.append(BookingRows.row(event)).append('\n'));
        for (int i = 0; i < badRows; i++) {
            mixed.append(FolderDropsTest.badRow(random, i, events.getFirst())).append('\n');
        }
        put("drops/bookings/mixed.csv", mixed.toString());
        try (Drops drops = drops()) {
            Await.until("all are moved", () -> names().stream().noneMatch(name -> name.startsWith("drops/")));
            assertThat(drops.count(BOOKINGS)).as("seed %d", seed).isEqualTo(events.size());
            assertThat(drops.count(Drops.QUARANTINE)).as("seed %d", seed).isEqualTo(badRows);
            assertThat(names()).as("seed %d", seed).hasSize(1 + 2 * unreadable);
        }
    }

    @Test
    void aBlobThatIsOverwrittenWhileItIsReadIsReadAgain() throws Exception {
        try (Drops drops = drops()) {
            int rows = 2_000;
            for (int version = 0; version < 30; version++) {
                // each version has other rows; the last must be there whole, the others whole or not at all
                put("drops/bookings/x.csv", BookingRows.file(100 + version, rows));
                Thread.sleep(150);
            }
            Await.until("the last is moved", () -> names().stream().noneMatch(name -> name.startsWith("drops/")));
            List<String> sizes =
                    drops.query(BOOKINGS, "SELECT count(*) FROM t GROUP BY substr(payload::VARCHAR, 1, 27)");
            assertThat(sizes).isNotEmpty().allMatch(size -> size.equals(Integer.toString(rows)));
            assertThat(drops.query(
                            BOOKINGS,
                            "SELECT count(*) FROM t WHERE payload = '%s'"
                                    .formatted(BookingRows.events(129, rows)
                                            .toList()
                                            .getLast()
                                            .replace("'", "''"))))
                    .containsExactly("1");
        }
    }

    @Test
    void whatIsBeingUploadedIsNotThereYet() throws Exception {
        try (Drops drops = drops()) {
            byte[] content = BookingRows.file(1, 10).getBytes(StandardCharsets.UTF_8);
            BlockBlobClient blob =
                    azurite.container().getBlobClient("drops/bookings/x.csv").getBlockBlobClient();
            String block = Base64.getEncoder().encodeToString("b1".getBytes(StandardCharsets.UTF_8));
            blob.stageBlock(block, new ByteArrayInputStream(content), content.length);
            put("drops/bookings/y.csv", BookingRows.file(2, 10));
            Await.until("the other is processed", () -> names().contains("processed/bookings/y.csv"));
            assertThat(drops.count(BOOKINGS)).isEqualTo(10);
            blob.commitBlockList(List.of(block));
            Await.until("it is processed", () -> names().contains("processed/bookings/x.csv"));
            assertThat(drops.count(BOOKINGS)).isEqualTo(20);
        }
    }

    @Test
    void theStoreGoesAwayForTenSecondsAndComesBack() throws Exception {
        try (Drops drops = drops()) {
            put("drops/bookings/a.csv", BookingRows.file(1, 1_000));
            Await.until("the first is processed", () -> names().contains("processed/bookings/a.csv"));
            put("drops/bookings/b.csv", BookingRows.file(2, 40_000));
            azurite.stop();
            Thread.sleep(10_000);
            azurite.launch();
            put("drops/bookings/c.csv", BookingRows.file(3, 1_000));
            Await.until("all are processed", () -> names().stream().noneMatch(name -> name.startsWith("drops/")));
            assertThat(drops.count(BOOKINGS)).isEqualTo(42_000);
        }
    }
}
