package dev.wadi.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.parts.JavaCommand;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The process of {@code src/interop}: Spark, and Delta Standalone. Its log is {@code target/interop/spark.log}. */
final class Spark implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path BUILT = Path.of("target", "interop").toAbsolutePath();

    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    Spark() throws IOException {
        if (!Files.exists(BUILT.resolve("classpath"))) {
            throw new IllegalStateException("target/interop is not built. Run `make interop`");
        }
        process = JavaCommand.of(
                        "@" + Path.of("src", "interop", "jvm.options").toAbsolutePath(),
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        BUILT.resolve("classes") + ":"
                                + Files.readString(BUILT.resolve("classpath")).strip(),
                        "dev.wadi.spark.Oracle")
                .directory(BUILT.toFile())
                .redirectError(BUILT.resolve("spark.log").toFile())
                .start();
        requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** A table as Spark names it. */
    static String table(Path folder) {
        return "delta.`" + folder + "`";
    }

    /** What a statement gave, and how many data files were read for it. */
    record Answer(List<List<@Nullable String>> rows, long files) {}

    Answer ask(String sql) {
        return ask(Map.of("sql", sql));
    }

    /** Any statement of Spark; in its text {@code %s} stands for the table in {@code folder}. */
    Answer ask(Path folder, String sql) {
        return ask(sql.replace("%s", table(folder)));
    }

    /** All rows of a table, by Spark. */
    List<String> rows(Path folder) {
        return Rows.of(ask(folder, "SELECT * FROM %s").rows());
    }

    /** All rows of a table, by Delta Standalone. */
    List<String> standaloneRows(Path folder) {
        return Rows.of(ask(Map.of("standalone", folder.toString())).rows());
    }

    private synchronized Answer ask(Map<String, String> request) {
        try {
            requests.write(JSON.writeValueAsString(request));
            requests.newLine();
            requests.flush();
            String line = answers.readLine();
            if (line == null) {
                throw new AssertionError("Spark has ended; see target/interop/spark.log. Asked: " + request);
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("error")) {
                throw new AssertionError(
                        request + " failed: " + answer.get("error").asText());
            }
            List<List<@Nullable String>> rows = new ArrayList<>();
            for (JsonNode row : answer.get("rows")) {
                List<@Nullable String> values = new ArrayList<>();
                row.forEach(value -> values.add(value.isNull() ? null : value.asText()));
                rows.add(values);
            }
            return new Answer(rows, answer.path("files").asLong());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of its input is the end of the process. */
    @Override
    public void close() throws IOException, InterruptedException {
        requests.close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
