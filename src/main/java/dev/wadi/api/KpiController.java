package dev.wadi.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wadi.kpi.Answer;
import dev.wadi.kpi.Answers;
import dev.wadi.kpi.Grain;
import dev.wadi.kpi.Kpi;
import dev.wadi.kpi.Kpis;
import dev.wadi.kpi.Question;
import dev.wadi.kpi.QuestionReader;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** KPIs: which there are, and their answers. */
@Controller("/api")
@ExecuteOn(TaskExecutors.IO)
final class KpiController {
    /** What {@code /api/active-users} answers. */
    static final String ACTIVE_USERS = "active-users";

    static final int DEFAULT_DAYS = 30;
    static final int MAX_DAYS = 3_660;

    /** What active users may be asked: as other KPIs, but the time is days up to today. */
    static final List<String> ACTIVE_USERS_PARAMETERS =
            List.of("days", "grain", "by", "where", "asOf", "limit", "offset");

    private final Kpis kpis;
    private final Answers answers;

    KpiController(Kpis kpis, Answers answers) {
        this.kpis = kpis;
        this.answers = answers;
    }

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Catalogue(List<Entry> kpis) {}

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Entry(
            String name,
            String title,
            String description,
            String unit,
            String owner,
            List<String> dimensions,
            List<String> grains,
            List<String> alwaysBy,
            String link) {
        static Entry of(Kpi kpi) {
            return new Entry(
                    kpi.name(),
                    kpi.title(),
                    kpi.description(),
                    kpi.unit(),
                    kpi.owner(),
                    kpi.dimensionNames(),
                    kpi.grains().stream().map(Grain::word).toList(),
                    kpi.alwaysBy(),
                    "/api/kpis/" + kpi.name());
        }
    }

    @Get("/kpis")
    Catalogue catalogue(HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        return new Catalogue(kpis.all().stream().map(Entry::of).toList());
    }

    @Get("/kpis/{name}")
    HttpResponse<Answer> kpi(String name, HttpRequest<?> request) {
        return answer(
                request, QuestionReader.read(find(name), Parameters.of(request).all()));
    }

    @Get("/active-users")
    HttpResponse<Answer> activeUsers(HttpRequest<?> request) {
        Parameters parameters = Parameters.of(request).only(ACTIVE_USERS_PARAMETERS);
        int days = parameters.number("days", DEFAULT_DAYS, 1, MAX_DAYS);
        LocalDate today = LocalDate.now(Clock.systemUTC());
        Map<String, List<String>> asked = new LinkedHashMap<>(parameters.all());
        asked.remove("days");
        asked.put("from", List.of(today.minusDays(days - 1L).toString()));
        asked.put("to", List.of(today.toString()));
        return answer(request, QuestionReader.read(find(ACTIVE_USERS), asked));
    }

    private Kpi find(String name) {
        return kpis.find(name)
                .orElseThrow(() -> new Problem(
                                HttpStatus.NOT_FOUND,
                                "Unknown KPI",
                                "There is no KPI '%s'. There are: %s.".formatted(name, String.join(", ", kpis.names())))
                        .with("known", kpis.names()));
    }

    private HttpResponse<Answer> answer(HttpRequest<?> request, Question question) {
        List<String> held = request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH);
        if (!held.isEmpty()) {
            String tag = answers.tag(question);
            if (held.stream().anyMatch(tags -> holds(tags, tag))) {
                return tagged(HttpResponse.notModified(), tag);
            }
        }
        Answers.Tagged answer = answers.answer(question);
        return tagged(HttpResponse.ok(answer.answer()), answer.tag());
    }

    /** A client may keep the answer, but asks each time whether it still holds. */
    private static <T> HttpResponse<T> tagged(MutableHttpResponse<T> response, String tag) {
        return response.header(HttpHeaders.ETAG, "\"" + tag + "\"").header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    /** Compared weakly (RFC 9110, 13.1.2): a proxy that compresses may have made the tag weak. */
    private static boolean holds(String tags, String tag) {
        return Stream.of(tags.split(","))
                .map(String::strip)
                .anyMatch(
                        held -> held.equals("*") || held.equals("\"" + tag + "\"") || held.equals("W/\"" + tag + "\""));
    }
}
