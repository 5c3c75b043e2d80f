package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.engine.DuckDb;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.netty.NettyAllocationManager;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers in the formats that other programs read, read back by those. */
class AnswerFormatsTest {
    private static final Map<String, List<String>> BY_HOUR = Map.of(
            "grain", List.of("hour"),
            "tz", List.of("Europe/Berlin"),
            "by", List.of("agency"),
            "from", List.of("2026-01-01"),
            "to", List.of("2026-03-01"),
            "compare_to", List.of("-1d"));

    @Test
    void arrow_reads_the_stream_with_its_types_and_nulls() throws Exception {
        try (Gold gold = new Gold()) {
            Answer revenue = answer(gold, "revenue", BY_HOUR);
            try (RootAllocator allocator = allocator();
                    ArrowStreamReader reader =
                            new ArrowStreamReader(new ByteArrayInputStream(AnswerArrow.write(revenue)), allocator)) {
                VectorSchemaRoot root = reader.getVectorSchemaRoot();
                assertThat(root.getSchema())
                        .hasToString("Schema<time: Timestamp(MICROSECOND, Europe/Berlin), agency: Utf8,"
                                + " currency: Utf8, value: Decimal(38, 2, 128), previous: Decimal(38, 2, 128),"
                                + " difference: Decimal(38, 2, 128), ratio: FloatingPoint(DOUBLE)>");
                assertThat(reader.loadNextBatch()).isTrue();
                assertThat(root.getRowCount()).isEqualTo(revenue.rows().size()).isGreaterThan(4);
                for (int row = 0; row < root.getRowCount(); row++) {
                    for (int column : List.of(1, 2, 3, 4, 5, 6)) {
                        Object value = root.getVector(column).getObject(row);
                        assertThat(value == null ? null : value.toString())
                                .isEqualTo(text(revenue.rows().get(row).get(column)));
                    }
                }
                assertThat(reader.loadNextBatch()).isFalse();
            }
        }
    }

    @Test
    void an_answer_without_rows_is_an_arrow_stream_too() throws Exception {
        try (Gold gold = new Gold();
                RootAllocator allocator = allocator();
                ArrowStreamReader reader = new ArrowStreamReader(
                        new ByteArrayInputStream(AnswerArrow.write(answer(
                                gold, "events", Map.of("grain", List.of("day"), "from", List.of("2030-01-01"))))),
                        allocator)) {
            assertThat(reader.getVectorSchemaRoot().getSchema())
                    .hasToString("Schema<time: Date(DAY), value: Decimal(38, 0, 128)>");
            reader.loadNextBatch();
            assertThat(reader.getVectorSchemaRoot().getRowCount()).isZero();
        }
    }

    @Test
    void duckdb_reads_the_parquet_file(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("answer.parquet");
        List<String> rows = new ArrayList<>();
        try (Gold gold = new Gold();
                DuckDb duckDb = new DuckDb("128MB", 1, folder.resolve("spill"))) {
            Answer revenue = answer(gold, "revenue", BY_HOUR);
            Files.write(file, new AnswerWriters(duckDb).write(revenue, AnswerFormat.PARQUET));
            try (Connection reader = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = reader.createStatement();
                    ResultSet result = statement.executeQuery(
                            "SELECT agency, currency, value, previous, difference, ratio FROM read_parquet('%s')"
                                    .formatted(file))) {
                assertThat(result.getMetaData().getColumnTypeName(3)).isEqualTo("DECIMAL(38,2)");
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int n = 1; n <= 6; n++) {
                        row.add(result.getString(n));
                    }
                    rows.add(String.join("|", row.stream().map(String::valueOf).toList()));
                }
            }
            assertThat(rows)
                    .isEqualTo(revenue.rows().stream()
                            .map(row -> String.join(
                                    "|",
                                    row.subList(1, 7).stream()
                                            .map(AnswerFormatsTest::text)
                                            .map(String::valueOf)
                                            .toList()))
                            .toList());
        }
    }

    /** Arrow's own, on Netty, wants an Unsafe that newer Javas do not give it. */
    private static RootAllocator allocator() {
        return new RootAllocator(RootAllocator.configBuilder()
                .allocationManagerFactory(new OutsideTheHeap())
                .build());
    }

    /** Direct buffers of Java. */
    private static final class OutsideTheHeap implements AllocationManager.Factory {
        @Override
        public AllocationManager create(BufferAllocator accounting, long size) {
            ByteBuffer memory = ByteBuffer.allocateDirect((int) size);
            return new AllocationManager(accounting) {
                @Override
                public long getSize() {
                    return size;
                }

                @Override
                protected long memoryAddress() {
                    return MemoryUtil.getByteBufferAddress(memory);
                }

                @Override
                protected void release0() {
                    // with the buffer
                }
            };
        }

        @Override
        public ArrowBuf empty() {
            return NettyAllocationManager.FACTORY.empty();
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : AnswerJson.text(value);
    }

    private static Answer answer(Gold gold, String kpi, Map<String, List<String>> parameters) {
        return new Answers(gold)
                .answer(QuestionReader.read(
                        Gold.kpis().find(kpi).orElseThrow(), parameters, Clock.systemUTC(), Claims.OPEN))
                .answer();
    }
}
