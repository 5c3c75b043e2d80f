package dev.wadi.api;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Profile;
import dev.wadi.kpi.Answer;
import dev.wadi.kpi.Answers;
import dev.wadi.kpi.Cell;
import dev.wadi.kpi.CellReader;
import dev.wadi.kpi.Claims;
import dev.wadi.kpi.Explanation;
import dev.wadi.kpi.Facts;
import dev.wadi.kpi.KeptAnswers;
import dev.wadi.kpi.Kpi;
import dev.wadi.kpi.LiveKpis;
import dev.wadi.kpi.Question;
import dev.wadi.kpi.QuestionReader;
import dev.wadi.table.DataFile;
import dev.wadi.table.TableSnapshot;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an answer of a KPI comes about, and the rows that a cell of it is made of. */
@Controller("/api/kpis/{name}")
@ExecuteOn(TaskExecutors.IO)
final class ExplainController {
    private final LiveKpis kpis;
    private final Answers answers;
    private final KeptAnswers kept;
    private final Contracts contracts;
    private final Clock clock = Clock.systemUTC();

    ExplainController(LiveKpis kpis, Answers answers, KeptAnswers kept, Contracts contracts) {
        this.kpis = kpis;
        this.answers = answers;
        this.kept = kept;
        this.contracts = contracts;
    }

    /** What is answered, by which SQL, from which versions and files, and what that took; for each row where its facts are. */
    @Get(uri = "/explain", produces = MediaType.APPLICATION_JSON)
    HttpResponse<byte[]> explain(String name, HttpRequest<?> request) {
        Map<String, List<String>> asked =
                Parameters.of(request).only(QuestionReader.PARAMETERS).all();
        Question question = QuestionReader.read(KpiController.find(kpis.now(), name), asked, clock, Claims.OPEN);
        Explanation told = kept.explain(question);
        Answer answer = told.answer();
        Map<TableName, Long> versions = answer.versions();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("kpi", name);
        document.put("question", question.text());
        document.put("measure", question.kpi().measure().sql());
        document.put("filter", question.kpi().filter());
        document.put("kept", told.kept());
        document.put(
                "statements",
                told.statements().stream().map(ExplainController::statement).toList());
        document.put(
                "tables", told.tables().stream().map(ExplainController::table).toList());
        document.put("time", time(told));
        document.put("total", answer.total());
        document.put("rows", rows(question, answer));
        document.put(
                "links",
                Map.of("answer", Links.answer(question, versions), "explain", Links.explain(question, versions)));
        return HttpResponse.ok(JsonText.write(document));
    }

    private static Map<String, @Nullable Object> statement(Explanation.Statement statement) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        each.put("sql", statement.sql());
        each.put("parameters", statement.parameters());
        each.put("planMillis", millis(statement.profile().planSeconds()));
        each.put("totalMillis", millis(statement.profile().totalSeconds()));
        return each;
    }

    private static Map<String, @Nullable Object> table(Explanation.Table table) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        TableSnapshot snapshot = table.snapshot();
        each.put("table", table.name());
        each.put("version", table.version());
        each.put("committed", snapshot == null ? null : snapshot.committed());
        each.put("files", snapshot == null ? null : snapshot.files().size());
        each.put("bytes", snapshot == null ? null : snapshot.bytes());
        each.put("rows", snapshot == null ? null : snapshot.rows());
        each.put(
                "deletedRows",
                snapshot == null
                        ? null
                        : snapshot.files().values().stream()
                                        .mapToLong(DataFile::rows)
                                        .sum()
                                - snapshot.rows());
        List<Profile.Scan> scans = table.scans();
        each.put("scans", scans.size());
        each.put(
                "filesOpened",
                scans.stream().mapToInt(Profile.Scan::filesOpened).sum());
        each.put("rowGroups", scans.stream().mapToLong(Profile.Scan::rowGroups).sum());
        each.put(
                "rowGroupsRead",
                scans.stream().mapToLong(Profile.Scan::rowGroupsRead).sum());
        each.put("rowsRead", scans.stream().mapToLong(Profile.Scan::rows).sum());
        each.put(
                "readMillis",
                millis(scans.stream().mapToDouble(Profile.Scan::seconds).sum()));
        each.put(
                "links",
                Map.of(
                        "table",
                        "/api/tables/%s?version=%d".formatted(table.name(), table.version()),
                        "history",
                        "/api/tables/%s/history".formatted(table.name())));
        return each;
    }

    private static Map<String, Double> time(Explanation told) {
        Map<String, Double> time = new LinkedHashMap<>();
        double plan = told.statements().stream()
                .mapToDouble(statement -> statement.profile().planSeconds())
                .sum();
        time.put("openMillis", rounded(told.time().open()));
        time.put("planMillis", millis(plan));
        time.put("queryMillis", rounded(told.time().query()));
        time.put("writeMillis", rounded(told.time().write()));
        time.put(
                "totalMillis",
                rounded(told.time().open() + told.time().query() + told.time().write()));
        return time;
    }

    private static double millis(double seconds) {
        return rounded(seconds * 1e3);
    }

    private static double rounded(double millis) {
        return Math.round(millis * 1e3) / 1e3;
    }

    private static List<Map<String, @Nullable Object>> rows(Question question, Answer answer) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (List<@Nullable Object> values : answer.rows()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int n = 0; n < values.size(); n++) {
                row.put(answer.columns().get(n).name(), values.get(n));
            }
            Map<String, String> links = new LinkedHashMap<>();
            links.put("facts", Links.facts(question, answer.versions(), answer.columns(), values, false));
            if (answer.columns().stream().anyMatch(column -> column.name().equals("previous"))) {
                links.put("previous", Links.facts(question, answer.versions(), answer.columns(), values, true));
            }
            row.put("links", links);
            rows.add(row);
        }
        return rows;
    }

    /** The rows of the KPI's table that a cell is made of. */
    @Get(uri = "/facts", produces = MediaType.APPLICATION_JSON)
    HttpResponse<byte[]> facts(String name, HttpRequest<?> request) {
        Kpi kpi = KpiController.find(kpis.now(), name);
        Cell cell = CellReader.read(kpi, Parameters.of(request).all(), clock, Claims.OPEN);
        List<String> key = contracts.find(kpi.table()).map(Contract::primaryKey).orElse(List.of());
        Facts facts = answers.facts(cell, key);
        Question question = cell.question();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("kpi", name);
        document.put("cell", cell.words());
        document.put("figure", cell.previous() ? "previous" : "value");
        document.put("table", kpi.table());
        document.put("versions", facts.versions());
        document.put("measure", kpi.measure().sql());
        document.put("value", facts.value());
        document.put("statement", Map.of("sql", facts.sql(), "parameters", facts.parameters()));
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Map<String, @Nullable Object> row : facts.rows()) {
            rows.add(fact(kpi.table(), key, row, facts));
        }
        document.put("rows", rows);
        document.put("limit", question.limit());
        document.put("offset", question.offset());
        document.put("total", facts.total());
        Map<String, String> links = new LinkedHashMap<>();
        links.put("explain", Links.explain(question, facts.versions()));
        if (question.offset() + facts.rows().size() < facts.total()) {
            links.put(
                    "next",
                    Links.facts(cell, facts.versions(), question.limit(), question.offset() + question.limit()));
        }
        document.put("links", links);
        return HttpResponse.ok(JsonText.write(document));
    }

    private static Map<String, @Nullable Object> fact(
            TableName table, List<String> key, Map<String, @Nullable Object> row, Facts facts) {
        Map<String, @Nullable Object> fact = new LinkedHashMap<>();
        fact.put("row", row);
        List<@Nullable Object> values = new ArrayList<>();
        key.forEach(column -> values.add(row.get(column)));
        fact.put(
                "links",
                key.isEmpty()
                        ? Map.of()
                        : Map.of(
                                "trace",
                                Links.trace(table, values, facts.versions().get(table)),
                                "why",
                                Links.why(table, values)));
        return fact;
    }
}
