package dev.wadi.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.kpi.AnswerFormat;
import dev.wadi.kpi.QuestionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Several questions in one request: {@code {"as_of": ..., "format": ..., "questions": [{"kpi": "revenue", "grain": "day"}]}}. A
 * question has the parameters of an address; each is a text, a number, true or false, or a list of such.
 *
 * @param format rows or columns
 */
record QueryBody(AnswerFormat format, List<Item> questions) {
    static final int MOST = 50;

    /** What all questions have in common. */
    private static final List<String> TOGETHER = List.of("as_of", "versions");

    private static final List<String> MEMBERS = Stream.concat(
                    Stream.of("questions", KpiController.FORMAT), TOGETHER.stream())
            .toList();
    private static final List<String> FORMATS = List.of(AnswerFormat.JSON.word(), AnswerFormat.COLUMNS.word());
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** One question, before it is understood. */
    record Item(String kpi, Map<String, List<String>> parameters) {
        /** What {@code read} gives; when it is wrong, the problem names the question. */
        <T> T at(int n, Supplier<T> read) {
            try {
                return read.get();
            } catch (QuestionException wrong) {
                throw Parameters.problem(wrong.parameter(), String.valueOf(wrong.getMessage()), wrong.allowed())
                        .with("question", n);
            } catch (Problem problem) {
                throw problem.with("question", n);
            }
        }
    }

    /** @throws Problem 400 when it is not such a document */
    static QueryBody read(byte[] body) {
        JsonNode document = document(body);
        document.properties().forEach(member -> {
            if (!MEMBERS.contains(member.getKey())) {
                throw wrong(
                        member.getKey(),
                        "There is no member '%s'. Use %s.".formatted(member.getKey(), String.join(", ", MEMBERS)),
                        MEMBERS);
            }
        });
        JsonNode questions = document.path("questions");
        if (!questions.isArray() || questions.isEmpty() || questions.size() > MOST) {
            throw wrong(
                    "questions",
                    "'questions' is no list of 1 to %d questions. Write {\"questions\": [{\"kpi\": \"revenue\", \"grain\": \"month\"}]}."
                            .formatted(MOST),
                    List.of("1..%d".formatted(MOST)));
        }
        List<Item> items = new ArrayList<>();
        for (JsonNode question : questions) {
            items.add(item(question, items.size(), document));
        }
        return new QueryBody(format(document.path(KpiController.FORMAT)), items);
    }

    private static JsonNode document(byte[] body) {
        try {
            JsonNode document = JSON.readTree(body);
            if (document.isObject()) {
                return document;
            }
            throw wrong("body", "The body is no JSON object. Write {\"questions\": [...]}.", MEMBERS);
        } catch (JsonProcessingException e) {
            throw wrong(
                    "body",
                    "The body is no JSON: %s. Write {\"questions\": [...]}.".formatted(e.getOriginalMessage()),
                    MEMBERS);
        } catch (IOException e) {
            throw wrong("body", "The body cannot be read. Send it again.", MEMBERS);
        }
    }

    private static AnswerFormat format(JsonNode word) {
        if (word.isMissingNode() || word.isNull()) {
            return AnswerFormat.JSON;
        }
        if (!FORMATS.contains(word.asText())) {
            throw wrong(
                    KpiController.FORMAT,
                    "Several answers are not written as '%s'. Use %s."
                            .formatted(word.asText(), String.join(", ", FORMATS)),
                    FORMATS);
        }
        return AnswerFormat.find(word.asText()).orElseThrow();
    }

    private static Item item(JsonNode question, int n, JsonNode document) {
        if (!question.isObject() || !question.path("kpi").isTextual()) {
            throw wrong(
                            "questions",
                            "Question %d names no KPI. Write {\"kpi\": \"revenue\"}.".formatted(n),
                            List.of("kpi"))
                    .with("question", n);
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        question.properties().forEach(member -> {
            if (TOGETHER.contains(member.getKey())) {
                throw wrong(
                                member.getKey(),
                                "Question %d has its own %s, but all are answered at one moment. Write it beside 'questions'."
                                        .formatted(n, member.getKey()),
                                MEMBERS)
                        .with("question", n);
            }
            if (!member.getKey().equals("kpi") && !member.getValue().isNull()) {
                parameters.put(member.getKey(), texts(member.getKey(), member.getValue(), n));
            }
        });
        for (String name : TOGETHER) {
            if (document.path(name).isValueNode() && !document.path(name).isNull()) {
                parameters.put(name, List.of(document.path(name).asText()));
            }
        }
        return new Item(question.path("kpi").asText(), parameters);
    }

    private static List<String> texts(String name, JsonNode value, int n) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : value.isArray() ? value : List.of(value)) {
            if (!each.isValueNode() || each.isNull()) {
                throw wrong(
                                name,
                                "Question %d: '%s' is no plain value and no list of them. Write \"%s\": \"...\"."
                                        .formatted(n, name, name),
                                List.of("text", "number", "list of texts"))
                        .with("question", n);
            }
            texts.add(each.asText());
        }
        return texts;
    }

    private static Problem wrong(String parameter, String detail, List<String> allowed) {
        return Parameters.problem(parameter, detail, allowed);
    }
}
