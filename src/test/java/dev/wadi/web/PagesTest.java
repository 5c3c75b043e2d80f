package dev.wadi.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.api.SmallServer;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

    private static SmallServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new SmallServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs", "/docs/"})
    void every_link_of_a_page_stays_on_this_server_and_answers(String page) throws Exception {
        HttpResponse<String> response = server.get(page);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(response.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'self'");
        Matcher links = LINK.matcher(response.body());
        int count = 0;
        while (links.find()) {
            count++;
            String link = links.group(1).replace("&amp;", "&");
            assertThat(link).startsWith("/").doesNotContain("//");
            assertThat(server.get(link).statusCode()).describedAs(link).isEqualTo(200);
        }
        assertThat(count).isGreaterThan(3);
    }

    @Test
    void the_documentation_asks_this_server_alone() throws Exception {
        assertThat(server.get("/docs/start.js").body()).contains("url: '/openapi'", "validatorUrl: null");
        assertThat(server.get("/docs/swagger-ui-bundle.js").body()).contains("SwaggerUIBundle");
        assertThat(server.get("/docs/swagger-ui.css")
                        .headers()
                        .firstValue("content-type")
                        .orElse(""))
                .startsWith("text/css");
        assertThat(server.get("/docs/swagger-ui-bundle.js")
                        .headers()
                        .firstValue("content-type")
                        .orElse(""))
                .contains("javascript");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs/index.html", "/docs/..%2Fapplication.yml", "/docs/swagger-ui.js"})
    void no_other_file_of_the_jar_can_be_read(String path) throws Exception {
        assertThat(server.get(path).statusCode()).isEqualTo(404);
    }
}
