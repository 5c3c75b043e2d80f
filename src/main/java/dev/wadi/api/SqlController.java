package dev.wadi.api;

import dev.wadi.sql.ForeignSql;
import dev.wadi.sql.SqlAnswer;
import dev.wadi.sql.SqlProblem;
import dev.wadi.sql.SqlSettings;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Read-only SQL over gold, for those who show the token. */
@Controller("/api/sql")
@ExecuteOn(TaskExecutors.BLOCKING)
final class SqlController {
    private static final String SCHEME = "Bearer ";
    private static final String RETRY_SECONDS = "2";

    private final ForeignSql sql;

    SqlController(ForeignSql sql) {
        this.sql = sql;
    }

    @Post(
            consumes = {MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, "application/sql"},
            produces = MediaType.ALL)
    HttpResponse<byte[]> answer(HttpRequest<?> request, @Body byte @Nullable [] body) {
        admit(request, sql.settings());
        SqlBody asked = SqlBody.of(request, body == null ? new byte[0] : body);
        SqlAnswer answer;
        try {
            answer = sql.answer(asked.question());
        } catch (SqlProblem e) {
            throw problem(e);
        }
        MutableHttpResponse<byte[]> response = HttpResponse.ok(SqlWriter.write(answer, asked.format()))
                .contentType(asked.format().mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(
                        "Wadi-Versions",
                        answer.versions().entrySet().stream()
                                .map(each -> each.getKey() + "@" + each.getValue())
                                .collect(Collectors.joining(",")));
        return response.header("Wadi-Truncated", Boolean.toString(answer.truncated()));
    }

    private static void admit(HttpRequest<?> request, SqlSettings settings) {
        String token = settings.token();
        if (token == null) {
            throw new Problem(
                    HttpStatus.FORBIDDEN,
                    "SQL is off",
                    "No statement is run here until Wadi is started with WADI_SQL_TOKEN, a secret that requests then show as Authorization: Bearer");
        }
        String shown = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        if (shown == null || !shown.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new Problem(
                            HttpStatus.UNAUTHORIZED,
                            "Token needed",
                            "SQL is for those who show the token. Send it as Authorization: Bearer TOKEN")
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"wadi\"");
        }
        if (!equal(shown.substring(SCHEME.length()).strip(), token)) {
            throw new Problem(
                            HttpStatus.UNAUTHORIZED,
                            "Wrong token",
                            "The token is not the one that Wadi was started with (WADI_SQL_TOKEN)")
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"wadi\", error=\"invalid_token\"");
        }
    }

    /** Takes as long for a text that is nearly right as for any other. */
    private static boolean equal(String shown, String token) {
        return MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static Problem problem(SqlProblem wrong) {
        Problem problem = new Problem(
                switch (wrong.kind()) {
                    case STATEMENT -> HttpStatus.BAD_REQUEST;
                    case LENGTH -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
                    case MEMORY, SPILL, CRASH -> HttpStatus.UNPROCESSABLE_ENTITY;
                    case TIME -> HttpStatus.GATEWAY_TIMEOUT;
                    case BUSY, AWAY -> HttpStatus.SERVICE_UNAVAILABLE;
                },
                switch (wrong.kind()) {
                    case STATEMENT -> "Statement not understood";
                    case LENGTH -> "Statement too long";
                    case TIME -> "Statement takes too long";
                    case MEMORY -> "Statement needs too much memory";
                    case SPILL -> "Statement needs too much disk";
                    case CRASH -> "Statement broke its engine";
                    case BUSY -> "Too many statements";
                    case AWAY -> "SQL is away";
                },
                String.valueOf(wrong.getMessage()));
        if (wrong.place().line() > 0) {
            problem.with("line", wrong.place().line());
        }
        if (wrong.place().column() > 0) {
            problem.with("column", wrong.place().column());
        }
        if (!wrong.allowed().isEmpty()) {
            problem.with("allowed", wrong.allowed());
        }
        if (wrong.kind() == SqlProblem.Kind.BUSY) {
            problem.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
        problem.initCause(wrong);
        return problem;
    }
}
