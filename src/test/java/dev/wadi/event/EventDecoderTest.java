package dev.wadi.event;

import static dev.wadi.event.Fields.also;
import static dev.wadi.event.Fields.field;
import static dev.wadi.event.Fields.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.EventShape;
import dev.wadi.contract.EventShape.Field;
import dev.wadi.contract.EventShape.Type;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {
    private static final List<Field> FIELDS = List.of(
            field("id", Type.STRING, true),
            new Field("kind", Type.STRING, false, "", List.of("buy", "sell"), null, null, List.of()),
            new Field("count", Type.INTEGER, false, "", List.of(), 0.0, 100.0, List.of()),
            field("big", Type.INTEGER, false),
            new Field("price", Type.NUMBER, false, "", List.of(), -5.5, null, List.of()),
            field("ok", Type.BOOLEAN, false),
            field("day", Type.DATE, false),
            field("at", Type.TIMESTAMP, false),
            field("tags", Type.ARRAY, false),
            object("place", false, field("city/town", Type.STRING, true)));

    private final EventDecoder decoder = new EventDecoder(new EventShape("things", "id", FIELDS));
    private final EventDecoder anonymous =
            new EventDecoder(new EventShape("things", null, List.of(field("a", Type.INTEGER, false))));

    private Decoded decode(String body, @Nullable String contentType) {
        return decoder.decode(body.getBytes(StandardCharsets.UTF_8), contentType);
    }

    private String problems(String body) {
        Decoded decoded = decode(body, "application/json");
        assertThat(decoded.events()).isEmpty();
        return String.join(
                "; ",
                decoded.refusals().getFirst().problems().stream()
                        .map(Problem::toString)
                        .toList());
    }

    @Test
    void anObjectIsOneEventWithItsTextAsItCame() {
        String object = "{\"id\" : \"x\", \"price\":1.50,\"unknown\":{\"deep\":[1,null,\"ü\"]}}";
        assertThat(decode("\uFEFF \n" + object + " \n", "application/json; charset=UTF-8")
                        .events())
                .containsExactly(new Event(0, "x", object));
    }

    @Test
    void aClosedShapeRefusesFieldsThatItDoesNotNameAndSaysWhatWasMeant() {
        EventDecoder closed = new EventDecoder(new EventShape("things", "id", FIELDS, true));
        String open = "{\"id\":\"a\",\"place\":{\"city/town\":\"x\"},\"tags\":[{\"any\":1}]}";
        assertThat(closed.decode(open.getBytes(StandardCharsets.UTF_8), null).events())
                .hasSize(1);

        String unknown = "{\"id\":\"a\",\"tagz\":{\"x\":1},\"place\":{\"city/town\":\"x\",\"zip\":1}}";
        assertThat(closed.decode(unknown.getBytes(StandardCharsets.UTF_8), null)
                        .refusals()
                        .getFirst()
                        .problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "/tagz: expected a field that the contract names, found another name. Write 'tags'.",
                        "/place/zip: expected a field that the contract names, found another name. Known here: city/town.");
    }

    @Test
    void anArrayHoldsEventsAndABadOneDoesNotSpoilItsNeighbours() {
        Decoded decoded = decode("[{\"id\":\"a\"},{\"id\":7},5,\"text\",null,[{}],{\"id\":\"b\"}]", null);
        assertThat(decoded.events())
                .containsExactly(new Event(0, "a", "{\"id\":\"a\"}"), new Event(6, "b", "{\"id\":\"b\"}"));
        assertThat(decoded.refusals())
                .containsExactly(
                        refusal(1, "{\"id\":7}", "/id", "string that is not blank", "number 7"),
                        refusal(2, "5", "", "object", "number 5"),
                        refusal(3, "\"text\"", "", "object", "string \"text\""),
                        refusal(4, "null", "", "object", "null"),
                        refusal(5, "[{}]", "", "object", "array"));
    }

    @Test
    void anEmptyArrayHoldsNothing() {
        assertThat(decode("[]", null)).isEqualTo(new Decoded(List.of(), List.of()));
    }

    private static Refusal refusal(int index, String payload, String pointer, String expected, String found) {
        return new Refusal(index, payload, List.of(new Problem(pointer, expected, found)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "text/plain", ""})
    void aLineIsAnEventAndABrokenLineIsRefusedAlone(String contentType) {
        Decoded decoded = decode(
                "{\"id\":\"a\"}\r\n\n  {\"id\":\"b\"}  \n{\"id\":\n{\"id\":\"c\"} {\"id\":\"d\"}\n{\"id\":\"e\"}",
                contentType);
        assertThat(decoded.events())
                .containsExactly(
                        new Event(0, "a", "{\"id\":\"a\"}"),
                        new Event(1, "b", "{\"id\":\"b\"}"),
                        new Event(4, "e", "{\"id\":\"e\"}"));
        assertThat(decoded.refusals()).extracting(Refusal::index).containsExactly(2, 3);
        assertThat(decoded.refusals().get(0).payload()).isEqualTo("{\"id\":");
        assertThat(decoded.refusals().get(0).problems().getFirst().found()).startsWith("line 4, column");
        assertThat(decoded.refusals().get(1).problems().getFirst().found()).isEqualTo("more text in line 5, column 12");
    }

    @Test
    void withoutAContentTypeABrokenFirstLineStillLeavesTheOthers() {
        Decoded decoded = decode("{\"id\":\"a\",\n{\"id\":\"b\"}", null);
        assertThat(decoded.events()).extracting(Event::id).containsExactly("b");
        assertThat(decoded.refusals()).hasSize(1);
    }

    @Test
    void withoutAContentTypeAnObjectOverSeveralLinesIsOneEvent() {
        String object = "{\"tags\":[\n{\"a\":1},\n{\"b\":1}],\n\"id\":\"x\"}";
        assertThat(decode(object, null).events()).containsExactly(new Event(0, "x", object));
    }

    @Test
    void aLineThatIsNotUtf8IsRefusedAlone() {
        byte[] body = "{\"id\":\"a\"}\n{\"id\":\"?\"}\n{\"id\":\"ö\"}".getBytes(StandardCharsets.UTF_8);
        body[18] = (byte) 0xC3;
        Decoded decoded = decoder.decode(body, null);
        assertThat(decoded.events()).extracting(Event::id).containsExactly("a", "ö");
        assertThat(decoded.refusals().getFirst().problems())
                .containsExactly(new Problem("", "text in UTF-8", "the byte 0xC3 in line 2, column 8"));
    }

    @Test
    void everyProblemOfAnEventIsListed() {
        assertThat(problems("""
                {"kind":"steal","count":101,"big":9223372036854775808,"price":-6,"ok":"yes","day":"2026-02-29",
                 "at":"2026-01-31T12:00:00","tags":{},"place":{}}"""))
                .isEqualTo("/kind: expected one of buy, sell, found string \"steal\""
                        + "; /count: expected integer from 0 to 100, found number 101"
                        + "; /big: expected integer of 64 bits, found number 9223372036854775808"
                        + "; /price: expected number of at least -5.5, found number -6"
                        + "; /ok: expected true or false, found string \"yes\""
                        + "; /day: expected date, such as \"2026-01-31\", found string \"2026-02-29\""
                        + "; /at: expected timestamp with Z or an offset, found string \"2026-01-31T12:00:00\""
                        + " without one: add Z or an offset such as +01:00"
                        + "; /tags: expected array, found object"
                        + "; /place/city~1town: expected string that is not blank, found nothing"
                        + "; /id: expected string that is not blank, found nothing");
    }

    @Test
    void nullIsLikeAbsent() {
        assertThat(decode("{\"id\":\"x\",\"kind\":null,\"place\":null,\"at\":null}", null)
                        .refusals())
                .isEmpty();
        assertThat(problems("{\"id\":null}")).isEqualTo("/id: expected string that is not blank, found null");
    }

    @Test
    void anIdIsNeitherBlankNorLong() {
        assertThat(problems("{\"id\":\" \\t\"}")).startsWith("/id: expected string that is not blank");
        assertThat(problems("{\"id\":\"%s\"}".formatted("x".repeat(513))))
                .isEqualTo("/id: expected string of at most 512 characters, found 513 characters");
    }

    @Test
    void longTextIsShortenedInTheMessageAndKeptInThePayload() {
        Refusal refusal = decode("{\"id\":\"x\",\"kind\":\"%s\"}".formatted("k".repeat(1_000_000)), null)
                .refusals()
                .getFirst();
        assertThat(refusal.problems().getFirst().found())
                .isEqualTo("string \"%s... (1000000 characters)\"".formatted("k".repeat(40)));
        assertThat(refusal.payload()).hasSize(1_000_020);
    }

    @Test
    void aNameComesOnceAlsoWhereNobodyKnowsIt() {
        assertThat(problems("{\"id\":\"x\",\"id\":\"y\",\"u\":[{\"v\":1,\"v\":2}]}"))
                .isEqualTo("/id: expected a field once, found the name again"
                        + "; /u/0/v: expected a field once, found the name again");
    }

    @Test
    void whatIsNoJsonNumberIsAProblemOfItsField() {
        assertThat(problems("{\"id\":\"x\",\"price\":NaN,\"u\":[1,-Infinity]}"))
                .isEqualTo("/price: expected number of at least -5.5, found number NaN"
                        + "; /u/1: expected number as JSON has them, found number -Infinity");
        assertThat(problems("{\"id\":\"x\",\"price\":1e999}")).startsWith("/price: expected number");
        assertThat(problems("{\"id\":\"x\",\"price\":%s}".formatted("9".repeat(2000))))
                .startsWith("/price");
        assertThat(problems("{\"id\":\"x\",\"big\":%s}".formatted("9".repeat(2_000_000))))
                .startsWith("/big");
    }

    @Test
    void halfOfASurrogatePairIsRefusedWhereverItIs() {
        assertThat(problems("{\"id\":\"x\",\"u\":\"\\ud83d\"}"))
                .isEqualTo(
                        "event: expected text in Unicode, found half of a surrogate pair, \\ud83d, in line 1, column 16");
        assertThatThrownBy(() -> decode("{\"id\":\"x\",\"\\uDE00\":1}", null))
                .isInstanceOf(UnreadableBodyException.class)
                .hasMessageContaining("surrogate");
        assertThat(decode("{\"id\":\"\\ud83d\\ude00\",\"u\":\"\\\\ud83d\"}", null)
                        .events())
                .extracting(Event::id)
                .containsExactly("😀");
    }

    @Test
    void deepNestingIsRefusedWithoutSpoilingTheNeighbour() {
        String bomb = "{\"id\":\"x\",\"u\":%s%s}".formatted("[".repeat(500), "]".repeat(500));
        Decoded decoded = decode("[%s,{\"id\":\"y\"}]".formatted(bomb), null);
        assertThat(decoded.events()).extracting(Event::index).containsExactly(1);
        assertThat(decoded.refusals().getFirst().problems().getFirst().expected())
                .isEqualTo("nesting of at most 64 levels");
        assertThatThrownBy(() -> decode("[".repeat(1_000_000), null))
                .isInstanceOf(UnreadableBodyException.class)
                .hasMessageContaining("line 1, column")
                .hasMessageContaining("nesting");
    }

    @Test
    void aThousandProblemsAreNotListedOneByOne() {
        String duplicates = ",\"u\":1".repeat(1000);
        assertThat(decode("{\"id\":\"x\"" + duplicates + "}", null)
                        .refusals()
                        .getFirst()
                        .problems())
                .hasSize(101);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":\"x\"                       | application/json | line 1, column 10, in item 0: Unexpected end-of-input",
                "[{\"id\":\"x\"},{\"id\" \"y\"}]     | application/json | line 1, column 19, in item 1: Unexpected character",
                "[{\"id\":\"x\"}                     |                  | Unexpected end-of-input",
                "{\"id\":\"x\"} x                    | application/json | line 1, column 12",
                "{\"id\":\"x\"}{\"id\":\"y\"}        |                  | application/x-ndjson",
                "hello                               |                  | line 1, column 1",
                "17                                  |                  | an event is an object",
                "{}                                  | application/cloudevents-batch+json | a batch of CloudEvents is an array",
                "[]                                  | application/cloudevents+json | a CloudEvent is an object",
                "{}                                  | text/csv         | Events do not come as 'text/csv'. Send application/json",
                "{}                                  | application/json; charset=latin1 | Send UTF-8",
            })
    void whatCannotBeTakenApartIsToldWithItsPlace(String body, @Nullable String contentType, String message) {
        assertThatThrownBy(() -> decode(body, contentType))
                .isInstanceOf(UnreadableBodyException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anEmptyBodyIsTold() {
        for (String contentType : new String[] {null, "application/json", "application/x-ndjson"}) {
            assertThatThrownBy(() -> decode(" \n ", contentType))
                    .isInstanceOf(UnreadableBodyException.class)
                    .hasMessageContaining("empty");
        }
    }

    @Test
    void aBodyThatIsNotUtf8IsToldWithItsPlace() {
        for (byte[] body : List.of(
                "{\"id\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1),
                "{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_16),
                "{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_16LE))) {
            assertThatThrownBy(() -> decoder.decode(body, "application/json"))
                    .isInstanceOf(UnreadableBodyException.class)
                    .hasMessageContaining("not UTF-8: line 1, column");
        }
    }

    @Test
    void aBodyOfTooManyEventsIsToldToBeSplit() {
        assertThatThrownBy(() -> decode("[0" + ",0".repeat(BodyReader.MOST_EVENTS) + "]", null))
                .isInstanceOf(UnreadableBodyException.class)
                .hasMessageContaining("more than 100000 events");
    }

    @Test
    void withoutAnIdTheHashOfThePayloadIdentifiesAnEvent() {
        // printf '{"a":1}' | sha256sum
        assertThat(anonymous
                        .decode(" {\"a\":1} ".getBytes(StandardCharsets.UTF_8), null)
                        .events())
                .containsExactly(
                        new Event(0, "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", "{\"a\":1}"));
    }

    @Test
    void aCloudEventIsItsData() {
        String envelope =
                "{\"data\": {\"id\":\"x\"} ,\"specversion\":\"1.0\",\"id\":\"77\",\"source\":\"/shop\",\"type\":\"t\"}";
        for (String contentType : new String[] {"application/cloudevents+json; charset=utf-8", null}) {
            assertThat(decode(envelope, contentType).events()).containsExactly(new Event(0, "x", "{\"id\":\"x\"}"));
        }
        assertThat(decode("[%s]".formatted(envelope), "application/cloudevents-batch+json")
                        .events())
                .containsExactly(new Event(0, "x", "{\"id\":\"x\"}"));
    }

    @Test
    void aCloudEventWithoutAnIdInItsDataIsIdentifiedByItsEnvelope() {
        String envelope =
                "{\"specversion\":\"1.0\",\"id\":\"77\",\"source\":\"/shop\",\"type\":\"t\",\"data\":{\"a\":1}}";
        assertThat(anonymous
                        .decode(envelope.getBytes(StandardCharsets.UTF_8), null)
                        .events())
                .containsExactly(new Event(0, "/shop/77", "{\"a\":1}"));
    }

    @Test
    void aCloudEventMayComeInBase64() {
        String data = Base64.getEncoder().encodeToString("{\"id\":\"ü\"}\n".getBytes(StandardCharsets.UTF_8));
        String envelope =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data_base64\":\"%s\"}";
        assertThat(decode(envelope.formatted(data), "application/cloudevents+json")
                        .events())
                .containsExactly(new Event(0, "ü", "{\"id\":\"ü\"}"));
        assertThat(decode(envelope.formatted("e30="), "application/cloudevents+json")
                        .refusals()
                        .getFirst()
                        .problems())
                .containsExactly(new Problem("/data_base64/id", "string that is not blank", "nothing"));
        assertThat(decode(envelope.formatted("e30"), "application/cloudevents+json")
                        .refusals())
                .hasSize(1);
        assertThat(decode(envelope.formatted("eyI="), "application/cloudevents+json")
                        .refusals())
                .hasSize(1);
        assertThat(decode(envelope.formatted("*"), "application/cloudevents+json")
                        .refusals())
                .hasSize(1);
    }

    @Test
    void theProblemsOfACloudEventPointIntoItsEnvelope() {
        Decoded decoded = decode(
                "{\"specversion\":\"0.3\",\"id\":\"\",\"type\":\"t\",\"datacontenttype\":\"text/xml\",\"data\":{\"id\":1}}",
                "application/cloudevents+json");
        assertThat(decoded.refusals().getFirst().problems())
                .extracting(Problem::pointer)
                .containsExactly("/specversion", "/id", "/datacontenttype", "/data/id", "/source");
        assertThat(decode(
                                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}",
                                "application/cloudevents+json")
                        .refusals()
                        .getFirst()
                        .problems())
                .containsExactly(new Problem("/data", "object, the event itself", "nothing"));
    }

    @Test
    void aShapeMayHaveTheFieldsOfAnEnvelopeItself() {
        EventDecoder own =
                new EventDecoder(new EventShape("x", null, List.of(field("specversion", Type.STRING, true))));
        String event = "{\"specversion\":\"9\",\"data\":{}}";
        assertThat(own.decode(event.getBytes(StandardCharsets.UTF_8), null).events())
                .extracting(Event::payload)
                .containsExactly(event);
    }

    @Test
    void anIntegerCanBeAnId() {
        EventDecoder numbered = new EventDecoder(new EventShape("x", "n", List.of(field("n", Type.INTEGER, true))));
        assertThat(numbered.decode("{\"n\":-12}".getBytes(StandardCharsets.UTF_8), null)
                        .events())
                .extracting(Event::id)
                .containsExactly("-12");
    }

    /** Names and types of other senders: see {@link Translation}. */
    private static final EventDecoder POLYGLOT = new EventDecoder(new EventShape(
            "things",
            "id",
            List.of(
                    field("id", Type.STRING, false),
                    also(field("user", Type.STRING, true), List.of("user_id", "uid"), Type.INTEGER),
                    also(field("at", Type.TIMESTAMP, true), List.of("timestamp")),
                    also(
                            object(
                                    "place",
                                    false,
                                    also(
                                            field("zip", Type.STRING, false),
                                            List.of("postal"),
                                            Type.NUMBER,
                                            Type.BOOLEAN)),
                            List.of("where")))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'user':'a','at':T} | {'user':'a','at':T}",
                "{ 'uid' : -123 , 'x': 1.50, 'timestamp' :T } | { 'user' : '-123' , 'x': 1.50, 'at' :T }",
                "{'user':7,'at':T} | {'user':'7','at':T}",
                // the field's own name goes before its aliases, and the first alias before the second
                "{'timestamp':'yesterday','user':'a','at':T} | {'timestamp':'yesterday','user':'a','at':T}",
                "{'uid':'a','user_id':8,'at':T} | {'user':'a','user_id':8,'at':T}",
                "{'user':'a','at':T,'where':{'postal':1.50,'timestamp':1}} | {'user':'a','at':T,'place':{'zip':'1.50','timestamp':1}}",
                "{'user':'a','at':T,'place':{'zip':true},'where':{'postal':9}} | {'user':'a','at':T,'place':{'zip':'true'},'where':{'postal':9}}",
                "{'\\u0075id':'ü','at':T} | {'user':'ü','at':T}",
            })
    void otherNamesAndTypesBecomeThoseOfTheContract(String body, String payload) {
        Decoded decoded = POLYGLOT.decode(json(body), null);
        assertThat(decoded.refusals()).isEmpty();
        assertThat(decoded.events())
                .extracting(Event::payload)
                .containsExactly(new String(json(payload), StandardCharsets.UTF_8));
        // and it is known by what it became
        assertThat(decoded.events())
                .isEqualTo(POLYGLOT.decode(json(payload), null).events());
    }

    @Test
    void aTranslatedEventIsHeldAgainstTheContractLikeAnyOther() {
        Decoded decoded = POLYGLOT.decode(
                json("[{'uid':1,'at':T},{'uid':1.5,'timestamp':'soon'},{'id':'i','user':'u','timestamp':T}]"), null);
        assertThat(decoded.events()).extracting(Event::index).containsExactly(0, 2);
        assertThat(decoded.events().getLast().id()).isEqualTo("i");
        assertThat(decoded.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.index()).isEqualTo(1);
            assertThat(refusal.problems())
                    .extracting(Problem::toString)
                    .containsExactly(
                            "/user: expected string that is not blank, found number 1.5",
                            "/at: expected timestamp with Z or an offset, such as \"2026-01-31T12:00:00Z\", found string \"soon\"");
        });
    }

    @Test
    void theDataOfACloudEventIsTranslated() {
        Decoded decoded = POLYGLOT.decode(
                json(
                        "{'specversion':'1.0','id':'1','source':'s','type':'t','timestamp':'x','data':{'uid':1,'timestamp':T}}"),
                null);
        assertThat(decoded.refusals()).isEmpty();
        assertThat(decoded.events())
                .containsExactly(new Event(0, "s/1", new String(json("{'user':'1','at':T}"), StandardCharsets.UTF_8)));
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"')
                .replace(":T", ":\"2026-01-31T12:00:00Z\"")
                .getBytes(StandardCharsets.UTF_8);
    }
}
