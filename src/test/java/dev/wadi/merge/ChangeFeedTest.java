package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeFeedTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");
    private static final Contract CONTRACT = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());

    @TempDir
    Path folder;

    private static String row(String id, int seq) {
        return "SELECT '%s' AS id, %d AS seq, 1.5 AS amount, NULL AS note, DATE '2026-11-01' AS day, 'p' AS position"
                .formatted(id, seq);
    }

    private static ChangeFeed open(MergeFixture wadi, String name, FeedStart start) {
        return new ChangeFeeds(wadi.contracts, wadi.merger).open(name, BOOKINGS, start, 1_000);
    }

    /** The rest of a feed, each row as type, key and version. */
    private static List<String> rest(ChangeFeed feed) {
        List<String> rows = new java.util.ArrayList<>();
        for (Optional<ChangeBatch> next = feed.next(); next.isPresent(); next = feed.next()) {
            next.get()
                    .rows()
                    .forEach(row -> rows.add("%s %s v%s"
                            .formatted(row.get(ChangeBatch.CHANGE), row.get("id"), row.get(ChangeBatch.VERSION))));
            feed.acknowledge();
        }
        return rows;
    }

    @Test
    void theSameIsDeliveredUntilItIsAcknowledgedAndNeverAfter() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            wadi.merge(CONTRACT, row("a", 1));
            try (ChangeFeed feed = open(wadi, "f", new FeedStart.Snapshot())) {
                assertThat(feed.next()).isEqualTo(feed.next()).isPresent();
            }
            try (ChangeFeed feed = open(wadi, "f", new FeedStart.Latest())) {
                assertThat(rest(feed)).containsExactly("insert a v1");
                assertThat(feed.next()).isEmpty();
            }
        }
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT);
                ChangeFeed feed = open(wadi, "f", new FeedStart.Snapshot())) {
            assertThat(feed.next()).isEmpty();
            wadi.merge(CONTRACT, row("a", 2));
            assertThat(rest(feed)).containsExactly("update_preimage a v2", "update_postimage a v2");
        }
    }

    @Test
    void followingATableCommitsNothingToIt() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            wadi.merge(CONTRACT, row("a", 1));
            try (ChangeFeed feed = open(wadi, "f", new FeedStart.Snapshot())) {
                rest(feed);
            }
            assertThat(wadi.lake.table(BOOKINGS).latest().version()).isEqualTo(1);
            assertThat(wadi.rows(FeedProgress.TABLE, "feed, source, version, delivered, whole"))
                    .containsExactly("f|silver.bookings|2|0|false");
        }
    }

    /** Two processes that follow under one name: what one has acknowledged the other does not begin. */
    @Test
    void aSecondReaderGoesOnWhereTheFirstIs() {
        try (MergeFixture one = new MergeFixture(folder.resolve("here"), folder.resolve("spill1"), CONTRACT)) {
            one.merge(CONTRACT, row("a", 1));
            try (MergeFixture two = new MergeFixture(folder.resolve("here"), folder.resolve("spill2"), CONTRACT);
                    ChangeFeed first = open(one, "f", new FeedStart.Snapshot());
                    ChangeFeed second = open(two, "f", new FeedStart.Snapshot())) {
                assertThat(rest(first)).containsExactly("insert a v1");
                assertThat(second.next()).isEmpty();
                one.merge(CONTRACT, row("b", 1));
                assertThat(rest(second)).containsExactly("insert b v2");
                assertThat(first.next()).isEmpty();
            }
        }
    }

    @Test
    void versionsInWhichNothingChangedAreNotWaitedForAfterARestart() throws Exception {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            wadi.merge(CONTRACT, row("a", 1));
            wadi.merge(CONTRACT, row("b", 1));
            try (ChangeFeed feed = open(wadi, "f", new FeedStart.Snapshot())) {
                rest(feed);
                assertThat(new Compactions(wadi.merger).optimize(BOOKINGS).commits())
                        .isPositive();
                assertThat(feed.next()).isEmpty();
            }
            long compaction = wadi.lake.table(BOOKINGS).latest().version();
            Files.delete(log(compaction));
            try (ChangeFeed feed = open(wadi, "f", new FeedStart.Snapshot())) {
                assertThat(feed.next()).isEmpty();
            }
        }
    }

    private Path log(long version) {
        return folder.resolve("lake/silver/bookings/_delta_log/%020d.json".formatted(version));
    }

    @Test
    void aLogEntryThatIsGoneIsSaidWithTheVersionsAndTheCure() throws Exception {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            for (int seq = 1; seq <= 4; seq++) {
                wadi.merge(CONTRACT, row("a", seq));
            }
            try (ChangeFeed feed = open(wadi, "f", new FeedStart.Version(2))) {
                Files.move(log(2), folder.resolve("kept"));
                assertThatThrownBy(feed::next)
                        .isInstanceOf(MergeException.class)
                        .hasMessageContaining("The feed f of silver.bookings cannot go on with version 2:"
                                + " silver.bookings version 2 is past: its log entry was cleaned up.")
                        .hasMessageContaining("to 4 can be read")
                        .hasMessageContaining("Give the feed a new name");
                Files.move(folder.resolve("kept"), log(2));
                assertThat(rest(feed)).hasSize(6);
            }
        }
    }

    @Test
    void aFileThatWasVacuumedIsSaidWithTheVersionsAndTheCure() throws Exception {
        Contract rewriting = MergeFixture.bookings(WhenMatched.SEQUENCE, false, List.of());
        try (MergeFixture wadi = new MergeFixture(folder, rewriting)) {
            for (int seq = 1; seq <= 3; seq++) {
                wadi.merge(rewriting, row("a", seq));
            }
            try (ChangeFeed feed = open(wadi, "f", new FeedStart.Version(1))) {
                Thread.sleep(20);
                assertThat(wadi.lake
                                .table(BOOKINGS)
                                .vacuum(Duration.ofMillis(1), Duration.ofMillis(1), false)
                                .files())
                        .isNotEmpty();
                assertThatThrownBy(feed::next)
                        .isInstanceOf(MergeException.class)
                        .hasMessageContaining("The feed f of silver.bookings cannot go on with version 1:"
                                + " silver.bookings version 1 cannot be read:")
                        .hasMessageContaining("was vacuumed. Versions 3 to 3 can be read")
                        .hasMessageContaining("Give the feed a new name");
            }
            try (ChangeFeed feed = open(wadi, "g", new FeedStart.Snapshot())) {
                assertThat(rest(feed)).containsExactly("insert a v3");
            }
        }
    }

    @Test
    void aFeedThatWouldBeginInTheFutureIsRefused() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            assertThatThrownBy(() -> open(wadi, "f", new FeedStart.Version(7)))
                    .hasMessage("startingVersion=7: the newest version of silver.bookings is 0");
        }
    }

    @Test
    void valuesOfAllTypesAreJavaValues() {
        Contract contract = new Contract(
                BOOKINGS,
                "",
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.STRING, true, false),
                        MergeFixture.column("n", ColumnType.Simple.LONG, false, false),
                        MergeFixture.column("amount", new ColumnType.Decimal(18, 2), false, false),
                        MergeFixture.column("day", ColumnType.Simple.DATE, false, false),
                        MergeFixture.column("at", ColumnType.Simple.TIMESTAMP, false, false),
                        MergeFixture.column("yes", ColumnType.Simple.BOOLEAN, false, false),
                        MergeFixture.column("who", struct(), false, false),
                        MergeFixture.column("tags", new ColumnType.Array(ColumnType.Simple.STRING), false, false),
                        MergeFixture.column("all", new ColumnType.Array(struct()), false, false),
                        MergeFixture.column("none", ColumnType.Simple.STRING, false, false)),
                List.of("id"),
                Merging.replace(),
                List.of(),
                List.of(),
                null,
                true,
                Path.of("bookings.odcs.yaml"));
        try (MergeFixture wadi = new MergeFixture(folder, contract);
                ChangeFeed feed = open(wadi, "f", new FeedStart.Latest())) {
            wadi.merge(contract, """
                    SELECT 'ä' AS id, 7 AS n, 1.25 AS amount, DATE '2026-11-21' AS day,
                      TIMESTAMPTZ '2026-11-21 10:00:00.5Z' AS at, true AS yes, {'name': 'Ada', 'born': DATE '1815-12-10'} AS who,
                      ['a', NULL] AS tags, [{'name': 'Bo', 'born': NULL}] AS all, NULL AS none""".replace("AS all", "AS \"all\""));
            Map<String, @Nullable Object> row = feed.next().orElseThrow().rows().getFirst();
            assertThat(row)
                    .containsEntry("id", "ä")
                    .containsEntry("n", 7L)
                    .containsEntry("amount", new BigDecimal("1.25"))
                    .containsEntry("day", LocalDate.of(2026, 11, 21))
                    .containsEntry("at", Instant.parse("2026-11-21T10:00:00.5Z"))
                    .containsEntry("yes", true)
                    .containsEntry("who", Map.of("name", "Ada", "born", LocalDate.of(1815, 12, 10)))
                    .containsEntry("none", null);
            assertThat((List<?>) row.get("tags")).hasSize(2).first().isEqualTo("a");
            assertThat(row.get("all")).hasToString("[{name=Bo, born=null}]");
        }
    }

    private static ColumnType struct() {
        return new ColumnType.Struct(List.of(
                new ColumnType.Struct.Field("name", ColumnType.Simple.STRING, ""),
                new ColumnType.Struct.Field("born", ColumnType.Simple.DATE, "")));
    }
}
