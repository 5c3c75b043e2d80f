package dev.wadi.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/**
 * Answers questions about tables. A request is a line of JSON on standard input, its answer a line of JSON on standard
 * output; the end of the input is the end of the process.
 *
 * <pre>
 * {"sql": "SELECT ..."}          any statement for Spark
 *   {"rows": [["1", null]], "files": 3}
 * {"standalone": "/lake/silver/bookings"}   all rows, as Delta Standalone reads them
 *   {"rows": [["1", null]]}
 * what fails
 *   {"error": "..."}
 * </pre>
 *
 * <p>{@code files} is the number of data files that Spark read; how a value becomes text says {@link Text}. With arguments,
 * {@code bench ROWS FOLDER}, it measures instead: {@link MergeSpeed}.
 */
public final class Oracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Oracle() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        if (arguments.length > 0 && arguments[0].equals("bench")) {
            MergeSpeed.run(arguments, answers);
            return;
        }
        try (SparkTables spark = new SparkTables(false)) {
            BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(JSON.writeValueAsString(answer(spark, JSON.readTree(line))));
            }
        }
    }

    private static ObjectNode answer(SparkTables spark, JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        try {
            if (request.has("sql")) {
                SparkTables.Result result = spark.run(request.get("sql").asText());
                answer.set("rows", JSON.valueToTree(result.rows()));
                answer.put("files", result.files());
            } else if (request.has("standalone")) {
                answer.set(
                        "rows",
                        JSON.valueToTree(
                                StandaloneTable.rows(request.get("standalone").asText())));
            } else {
                throw new IllegalArgumentException("A request has \"sql\" or \"standalone\", not " + request);
            }
        } catch (Exception | LinkageError e) {
            // Whatever it is, the one who asked must hear of it.
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            answer.removeAll();
            answer.put("error", trace.toString());
        }
        return answer;
    }
}
