package dev.wadi.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wadi.kpi.Answer;
import dev.wadi.kpi.AnswerFormat;
import dev.wadi.kpi.AnswerJson;
import dev.wadi.kpi.Answers;
import dev.wadi.kpi.Claims;
import dev.wadi.kpi.Display;
import dev.wadi.kpi.Grain;
import dev.wadi.kpi.KeptAnswers;
import dev.wadi.kpi.KeptQuestions;
import dev.wadi.kpi.Kpi;
import dev.wadi.kpi.Kpis;
import dev.wadi.kpi.LiveKpis;
import dev.wadi.kpi.Question;
import dev.wadi.kpi.QuestionReader;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** KPIs: which there are, and their answers. */
@Controller("/api")
@ExecuteOn(TaskExecutors.IO)
final class KpiController {
    /** What {@code /api/active-users} answers. */
    static final String ACTIVE_USERS = "active-users";

    static final int DEFAULT_DAYS = 30;
    static final int MAX_DAYS = 3_660;

    /** The table versions that an answer was read from: {@code gold.fact_orders@40}. */
    static final String VERSIONS = "Wadi-Versions";

    /** Everything that came in before it is in the answer. */
    static final String WATERMARK = "Wadi-Watermark";

    /** Seconds that the watermark is behind. */
    static final String LAG = "Wadi-Lag";

    static final String FORMAT = "format";

    /** What any KPI may be asked. */
    private static final List<String> PARAMETERS = Stream.of(
                    QuestionReader.PARAMETERS, List.of(FORMAT), Wishes.PARAMETERS)
            .flatMap(List::stream)
            .toList();

    private final LiveKpis kpis;
    private final KeptQuestions questions;
    private final Answers answers;
    private final KeptAnswers kept;
    private final Timeliness timeliness;
    private final KpiStreams streams;
    private final Clock clock = Clock.systemUTC();

    KpiController(
            LiveKpis kpis,
            KeptQuestions questions,
            Answers answers,
            KeptAnswers kept,
            Timeliness timeliness,
            KpiStreams streams) {
        this.kpis = kpis;
        this.questions = questions;
        this.answers = answers;
        this.kept = kept;
        this.timeliness = timeliness;
        this.streams = streams;
    }

    /** @param problem why the changed files are not what answers; null when they are */
    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Catalogue(@Nullable FileProblem problem, List<Entry> kpis) {}

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record FileProblem(List<String> mistakes, String since) {
        static FileProblem of(LiveKpis.Problem problem) {
            return new FileProblem(problem.mistakes(), problem.since().toString());
        }
    }

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Format(String style, int decimals) {
        static Format of(Display display) {
            return new Format(display.style().word(), display.decimals());
        }
    }

    @Serdeable.Serializable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Entry(
            String name,
            String title,
            String description,
            String unit,
            Format format,
            String owner,
            String additivity,
            List<String> dimensions,
            List<String> grains,
            List<String> alwaysBy,
            boolean zones,
            String link) {
        static Entry of(Kpi kpi) {
            return new Entry(
                    kpi.name(),
                    kpi.title(),
                    kpi.description(),
                    kpi.unit(),
                    Format.of(kpi.display()),
                    kpi.owner(),
                    kpi.additivity().word(),
                    kpi.dimensionNames(),
                    kpi.grains().stream().map(Grain::word).toList(),
                    kpi.alwaysBy(),
                    kpi.time().instant() != null,
                    "/api/kpis/" + kpi.name());
        }
    }

    @Get("/kpis")
    Catalogue catalogue(HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        return new Catalogue(
                kpis.problem().map(FileProblem::of).orElse(null),
                kpis.now().all().stream().map(Entry::of).toList());
    }

    @Get(uri = "/kpis/{name}", produces = MediaType.ALL)
    HttpResponse<byte[]> kpi(String name, HttpRequest<?> request) {
        Kpi kpi = find(kpis.now(), name);
        return answer(
                request,
                kpi,
                new LinkedHashMap<>(Parameters.of(request).only(PARAMETERS).all()));
    }

    /** Server-sent events: an answer, and another one whenever it changes. */
    @Get(uri = "/kpis/{name}/stream", produces = MediaType.TEXT_EVENT_STREAM)
    HttpResponse<Flux<byte[]>> stream(String name, HttpRequest<?> request) {
        Map<String, List<String>> asked =
                Parameters.of(request).only(QuestionReader.PARAMETERS).all();
        Flux<byte[]> events = streams.open(
                () -> QuestionReader.read(find(kpis.now(), name), asked, clock, Claims.OPEN),
                request.getHeaders().get("Last-Event-ID"));
        return HttpResponse.ok(events)
                .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                // proxies would gather events
                .header("X-Accel-Buffering", "no");
    }

    @Get(uri = "/active-users", produces = MediaType.ALL)
    HttpResponse<byte[]> activeUsers(HttpRequest<?> request) {
        Kpi kpi = find(kpis.now(), ACTIVE_USERS);
        Parameters parameters = Parameters.of(request).only(activeUsersParameters());
        int days = parameters.number("days", DEFAULT_DAYS, 1, MAX_DAYS);
        LocalDate today = LocalDate.now(clock);
        Map<String, List<String>> asked = new LinkedHashMap<>(parameters.all());
        asked.remove("days");
        asked.put("from", List.of(today.minusDays(days - 1L).toString()));
        asked.put("to", List.of(today.toString()));
        return answer(request, kpi, asked);
    }

    /** What active users may be asked: as other KPIs, but the time is days up to today. */
    static List<String> activeUsersParameters() {
        return Stream.concat(
                        Stream.of("days"),
                        PARAMETERS.stream()
                                .filter(name -> !List.of("from", "to", "tz").contains(name)))
                .toList();
    }

    /** Several questions at once, all answered at one version of each table. */
    @Post("/kpis/query")
    HttpResponse<byte[]> query(@Body byte[] body, HttpRequest<?> request) {
        Parameters.of(request).only(List.of());
        Kpis now = kpis.now();
        QueryBody asked = QueryBody.read(body);
        List<Question> read = new ArrayList<>();
        for (int n = 0; n < asked.questions().size(); n++) {
            QueryBody.Item item = asked.questions().get(n);
            read.add(item.at(n, () -> questions.read(find(now, item.kpi()), item.parameters(), Claims.OPEN)));
        }
        List<Answer> all =
                answers.answer(read).stream().map(Answers.Tagged::answer).toList();
        return HttpResponse.ok(AnswerJson.write(all, asked.format() == AnswerFormat.COLUMNS))
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .header(VERSIONS, AnswerJson.versions(all))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    static Kpi find(Kpis all, String name) {
        return all.find(name)
                .orElseThrow(() -> new Problem(
                                HttpStatus.NOT_FOUND,
                                "Unknown KPI",
                                "There is no KPI '%s'. There are: %s.".formatted(name, String.join(", ", all.names())))
                        .with("known", all.names()));
    }

    private HttpResponse<byte[]> answer(HttpRequest<?> request, Kpi kpi, Map<String, List<String>> asked) {
        List<String> word = asked.remove(FORMAT);
        AnswerFormat format = AcceptedFormat.of(word == null ? List.of() : word, request);
        Wishes wishes = Wishes.take(asked);
        Question question = questions.read(kpi, asked, Claims.OPEN);
        Instant watermark = wishes.await(timeliness, question);
        List<String> held = request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH);
        if (!held.isEmpty()) {
            String tag = tag(answers.tag(question), format);
            if (held.stream().anyMatch(tags -> holds(tags, tag))) {
                return tagged(fresh(HttpResponse.notModified(), watermark), tag);
            }
        }
        KeptAnswers.Written answer = kept.answer(question, format);
        MutableHttpResponse<byte[]> response = HttpResponse.ok(answer.body())
                .contentType(MediaType.of(format.mediaType()))
                .header(VERSIONS, answer.versions());
        if (format != AnswerFormat.JSON && format != AnswerFormat.COLUMNS) {
            response.header("Wadi-Total", Long.toString(answer.total()))
                    .header(
                            HttpHeaders.CONTENT_DISPOSITION,
                            "inline; filename=\"%s.%s\"".formatted(kpi.name(), format.word()));
        }
        return tagged(fresh(response, watermark), tag(answer.tag(), format));
    }

    /** Says how fresh an answer is; not in its body, so that the same answer stays the same. */
    private static <T> MutableHttpResponse<T> fresh(MutableHttpResponse<T> response, @Nullable Instant watermark) {
        if (watermark != null) {
            double lag = Math.max(0, Duration.between(watermark, Instant.now()).toMillis() / 1e3);
            response.header(WATERMARK, watermark.truncatedTo(ChronoUnit.MILLIS).toString())
                    .header(LAG, String.format(Locale.ROOT, "%.3f", lag));
        }
        return response;
    }

    /** Each format of an answer is something else to keep. */
    private static String tag(String tag, AnswerFormat format) {
        return format == AnswerFormat.JSON ? tag : tag + "-" + format.word();
    }

    /** A client may keep the answer, but asks each time whether it still holds. */
    private static <T> HttpResponse<T> tagged(MutableHttpResponse<T> response, String tag) {
        return response.header(HttpHeaders.ETAG, "\"" + tag + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    }

    /** Compared weakly (RFC 9110, 13.1.2): a proxy that compresses may have made the tag weak. */
    private static boolean holds(String tags, String tag) {
        return Stream.of(tags.split(","))
                .map(String::strip)
                .anyMatch(
                        held -> held.equals("*") || held.equals("\"" + tag + "\"") || held.equals("W/\"" + tag + "\""));
    }
}
