package dev.wadi.file;

import static dev.wadi.event.Fields.field;
import static dev.wadi.event.Fields.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.EventShape;
import dev.wadi.contract.EventShape.Type;
import dev.wadi.engine.DuckDb;
import dev.wadi.event.FlatFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFilesTest {
    private static final EventShape SHAPE = new EventShape(
            "things",
            null,
            List.of(
                    field("id", Type.STRING, true),
                    field("note", Type.STRING, false),
                    field("count", Type.INTEGER, false),
                    field("day", Type.DATE, false),
                    object("place", false, field("city", Type.STRING, false), field("since", Type.TIMESTAMP, false))));

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private DuckDb duckDb;

    @BeforeEach
    void open() {
        duckDb = new DuckDb("200MB", 2, folder.resolve("spill"));
    }

    @AfterEach
    void close() {
        duckDb.close();
    }

    /** All rows, each with its place, in the order of the file but for the unread behind the events of their chunk. */
    private List<String> rows(String name, byte[] content, FileFormat format) throws IOException {
        Path file = folder.resolve("taken");
        Files.write(file, content);
        List<String> rows = new ArrayList<>();
        try (RowFile open = new RowFiles(duckDb).open(file, name, SHAPE, format)) {
            for (Chunk chunk = open.next(); chunk != null; chunk = open.next()) {
                Places places = chunk.places();
                List<String> events = new String(chunk.events(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                assertThat(events).hasSize(places.numbers().length);
                for (int i = 0; i < events.size(); i++) {
                    rows.add("%s: %s".formatted(places.of(places.numbers()[i]), events.get(i)));
                }
                places.unread()
                        .forEach(row ->
                                rows.add("%s! %s <- %s".formatted(places.of(row.number()), row.problem(), row.text())));
            }
        }
        return rows;
    }

    private List<String> csv(String content) throws IOException {
        return rows("x.csv", content.getBytes(StandardCharsets.UTF_8), FileFormat.ANY);
    }

    private void refused(String name, byte[] content, String message) {
        assertThatThrownBy(() -> rows(name, content, FileFormat.ANY))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessage(message);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    @Test
    void aRecordKnowsTheLineInWhichItStarts() throws IOException {
        assertThat(csv("\uFEFFid,note,count\r\na,\"two\nlines, \"\"quoted\"\"\",1\r\n\r\nb,,2\nc,\"\",3"))
                .containsExactly(
                        "line 2: {\"id\":\"a\",\"note\":\"two\\nlines, \\\"quoted\\\"\",\"count\":1}",
                        "line 5: {\"id\":\"b\",\"count\":2}",
                        "line 6: {\"id\":\"c\",\"note\":\"\",\"count\":3}");
    }

    @Test
    void theHeaderTellsTheDelimiter() throws IOException {
        for (String delimiter : List.of(",", ";", "\t", "|")) {
            assertThat(csv("id,place.city,count\nx,Rome,7\n".replace(",", delimiter)))
                    .as(delimiter)
                    .containsExactly("line 2: {\"id\":\"x\",\"count\":7,\"place\":{\"city\":\"Rome\"}}");
        }
    }

    @Test
    void aBadRecordCostsItsOwnLine() throws IOException {
        assertThat(csv("id,note\na,1\nb,2,3\nc\nd,\"x\"y\ne,\"never closed\nf,2\ng,3\n"))
                .containsExactly(
                        "line 2: {\"id\":\"a\",\"note\":\"1\"}",
                        "line 7: {\"id\":\"f\",\"note\":\"2\"}",
                        "line 8: {\"id\":\"g\",\"note\":\"3\"}",
                        "line 3! 3 values, but the header has 2 columns <- b,2,3",
                        "line 4! 1 values, but the header has 2 columns <- c",
                        "line 5! there is text behind a closing quote. Write a quote within quotes twice <- d,\"x\"y",
                        "line 6! a quote opens here and does not close. Close it, or write a quote within quotes twice"
                                + " <- e,\"never closed");
    }

    @Test
    void formatsCharsetAndNullCanBeSet() throws IOException {
        FileFormat german = new FileFormat(
                FileKind.CSV,
                ';',
                StandardCharsets.ISO_8859_1,
                "NULL",
                new FlatFormat(List.of("dd.MM.yyyy"), List.of(), null, true));
        byte[] latin =
                "id;note;day;count\nä;NULL;31.01.2026;1.000\nb;\"NULL\";;\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(rows("x.dat", latin, german))
                .containsExactly(
                        "line 2: {\"id\":\"ä\",\"count\":1000,\"day\":\"2026-01-31\"}",
                        "line 3: {\"id\":\"b\",\"note\":\"NULL\"}");
        assertThat(rows("x.csv", "\uFEFFid\tnote\nü\t1\n".getBytes(StandardCharsets.UTF_16LE), FileFormat.ANY))
                .containsExactly("line 2: {\"id\":\"ü\",\"note\":\"1\"}");
    }

    @Test
    void gzipIsUnpacked() throws IOException {
        assertThat(rows("x.csv.gz", gzip(bytes("id\na\n")), FileFormat.ANY)).containsExactly("line 2: {\"id\":\"a\"}");
        assertThat(rows("x.ndjson.gz", gzip(bytes("{\"id\":1}\n")), FileFormat.ANY))
                .containsExactly("line 1: {\"id\":1}");
    }

    @Test
    void aFileThatCannotBeReadSaysWhyAndWhatToDo() throws IOException {
        refused("x.csv", bytes(""), "The file is empty. Begin it with the names of the columns.");
        refused(
                "x.csv",
                bytes("a,b\n1,2\n"),
                "Line 1 is no header of the stream things: no column of 'a,b' is one of its fields. Begin the file with the names of the columns, such as id,note,count,day,place.");
        refused(
                "x.csv",
                bytes("note,count\n1,2\n"),
                "The header in line 1 (note,count) lacks what every event of the stream things must have: id. Add the columns.");
        refused(
                "x.csv",
                bytes("id,id\n1,2\n"),
                "The header in line 1 cannot be read: the columns 'id' and 'id' both fill the field id. Rename or remove one.");
        byte[] latin = "id,note\na,b\nc,\u00e4\n".getBytes(StandardCharsets.ISO_8859_1);
        refused(
                "x.csv",
                latin,
                "The file is not UTF-8: line 3 has the byte 0xE4. Save it as UTF-8, or name its charset in the route, such as charset=ISO-8859-1.");
        byte[] packed = gzip(bytes("id,note\n" + "a,b\n".repeat(10_000)));
        refused(
                "x.csv.gz",
                Arrays.copyOf(packed, packed.length - 9),
                "The file is not a whole gzip file: Unexpected end of ZLIB input stream, behind line 1. Pack it and drop it again.");
        refused("x.ndjson", bytes(" \n"), "The file is empty. Write a JSON object a line.");
        refused(
                "x.ndjson",
                bytes("[{}]"),
                "The file is a JSON array. Write a JSON object a line, without brackets and commas around them.");
        refused(
                "x.ndjson",
                bytes("id,note\n"),
                "The file does not start with a JSON object. Write a JSON object a line.");
        refused(
                "x.doc",
                bytes("id"),
                "'x.doc' does not say what it is. Name it .csv, .ndjson or .parquet (.gz may follow the first two), or set format= in the route.");
        assertThatThrownBy(() -> rows("x.parquet", bytes("PAR1 or not"), FileFormat.ANY))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageStartingWith("The file is not Parquet, or it is damaged: ")
                .hasMessageEndingWith(" Write it again.");
    }

    @Test
    void ndjsonIsPassedOnWithItsLines() throws IOException {
        String tooLong = "{\"id\":\"" + "x".repeat(NdjsonFile.LONGEST) + "\"}";
        List<String> rows =
                rows("x.jsonl", bytes("{\"id\":1}\n\n  \r\nnot json\r\n" + tooLong + "\n{}"), FileFormat.ANY);
        assertThat(rows).hasSize(4);
        assertThat(rows.subList(0, 3)).containsExactly("line 1: {\"id\":1}", "line 4: not json", "line 6: {}");
        assertThat(rows.get(3)).startsWith("line 5! the line is longer than 8388608 bytes <- {\"id\":\"xxx");
    }

    private byte[] parquet(String select) throws Exception {
        Path file = folder.resolve("made.parquet");
        try (Connection session = duckDb.open();
                Statement statement = session.createStatement()) {
            statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(select, file));
        }
        return Files.readAllBytes(file);
    }

    @Test
    void parquetComesWithItsRowsAndTypes() throws Exception {
        byte[] file = parquet("SELECT 'a' AS id, 7::BIGINT AS count, DATE '2026-01-31' AS day,"
                + " {'city': 'Rome', 'since': TIMESTAMPTZ '2026-01-31 12:00:00.5+00'} AS place,"
                + " {'x': 1.5, 'y': [true]} AS other, 1.50::DECIMAL(9,2) AS price, true AS ok"
                + " UNION ALL SELECT 'b', NULL, NULL, NULL, NULL, NULL, NULL");
        assertThat(rows("x.parquet", file, FileFormat.ANY))
                .containsExactlyInAnyOrder(
                        "row 1: {\"id\":\"a\",\"count\":7,\"day\":\"2026-01-31\",\"place\":{\"city\":\"Rome\",\"since\":\"2026-01-31T12:00:00.5Z\"},"
                                + "\"ok\":true,\"other\":{\"x\":1.5,\"y\":[true]},\"price\":1.50}",
                        "row 2: {\"id\":\"b\"}");
        byte[] flat = parquet("SELECT 'a' AS id, 'Rome' AS place_city");
        assertThat(rows("x.parquet", flat, FileFormat.ANY))
                .containsExactly("row 1: {\"id\":\"a\",\"place\":{\"city\":\"Rome\"}}");
        byte[] strange = parquet("SELECT 1 AS note");
        refused(
                "x.parquet",
                strange,
                "The columns of the file (note) lack what every event of the stream things must have: id. Add the columns.");
    }

    @Test
    void aDamagedParquetFileIsRefused() throws Exception {
        byte[] file = parquet("SELECT i::VARCHAR AS id, md5(i::VARCHAR) AS note FROM range(50000) r(i)");
        assertThat(rows("x.parquet", file, FileFormat.ANY)).hasSize(50_000);
        byte[] damaged = file.clone();
        Arrays.fill(damaged, 1_000, 60_000, (byte) 0x55);
        assertThatThrownBy(() -> rows("x.parquet", damaged, FileFormat.ANY))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageStartingWith("The file is not Parquet, or it is damaged: ");
        assertThatThrownBy(() -> rows("x.parquet", Arrays.copyOf(file, file.length / 2), FileFormat.ANY))
                .isInstanceOf(UnreadableFileException.class);
    }

    /** Random rows, quoted at random, with broken ones between them: each comes out as it went in, with its line. */
    @Test
    void whatWasWrittenAsCsvIsReadBack() throws IOException {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        Random random = new Random(seed);
        String[] texts = {"", "a", "b c", "x\ny", "\"", "a,b", "ü€😀", "\r\n", " ", "\"\"", "long ".repeat(60_000)};
        for (int round = 0; round < 30; round++) {
            StringBuilder content = new StringBuilder("note,id\n");
            List<String> expected = new ArrayList<>();
            List<String> broken = new ArrayList<>();
            int line = 2;
            for (int row = 0; row < 300; row++) {
                int kind = random.nextInt(20);
                if (kind == 0) {
                    String bad = List.of("one", "a,b,c", "\"a\"b,c").get(random.nextInt(3));
                    content.append(bad).append('\n');
                    broken.add("line %d!".formatted(line));
                    line++;
                    continue;
                }
                if (kind == 1) {
                    content.append(random.nextBoolean() ? "\n" : "\r\n");
                    line++;
                    continue;
                }
                String text = texts[random.nextInt(random.nextInt(20) == 0 ? texts.length : texts.length - 1)];
                boolean quoted = text.isEmpty()
                        ? random.nextBoolean()
                        : text.matches("(?s).*[\"\n,\r].*") || random.nextBoolean();
                content.append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text)
                        .append(",r")
                        .append(row)
                        .append(random.nextBoolean() ? "\n" : "\r\n");
                String note = text.isEmpty() && !quoted
                        ? ""
                        : ",\"note\":\"%s\""
                                .formatted(text.replace("\\", "\\\\")
                                        .replace("\"", "\\\"")
                                        .replace("\n", "\\n")
                                        .replace("\r", "\\r"));
                expected.add("line %d: {\"id\":\"r%d\"%s}".formatted(line, row, note));
                line += 1 + (int) text.chars().filter(c -> c == '\n').count();
            }
            Charset charset = round % 3 == 0 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
            List<String> rows = rows("x.csv", content.toString().getBytes(charset), FileFormat.ANY);
            assertThat(rows.stream().filter(row -> !row.matches("(?s)line \\d+!.*")))
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(expected);
            assertThat(rows.stream()
                            .filter(row -> row.matches("(?s)line \\d+!.*"))
                            .map(row -> row.substring(0, row.indexOf('!') + 1)))
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(broken);
        }
    }
}
