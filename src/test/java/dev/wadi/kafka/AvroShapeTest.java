package dev.wadi.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What Avro's own writer wrote, as JSON. */
@NullUnmarked
class AvroShapeTest {
    private static final Schema EVERYTHING = new Schema.Parser().parse("""
            {"type":"record","name":"Everything","namespace":"x","fields":[
             {"name":"flag","type":"boolean"},
             {"name":"small","type":"int"},
             {"name":"large","type":"long"},
             {"name":"half","type":"float"},
             {"name":"real","type":"double"},
             {"name":"text","type":"string"},
             {"name":"raw","type":"bytes"},
             {"name":"four","type":{"type":"fixed","name":"Four","size":4}},
             {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["BUY","SELL"]}},
             {"name":"maybe","type":["null","string"],"default":null},
             {"name":"none","type":["null","string"],"default":null},
             {"name":"either","type":["int",{"type":"array","items":"string"}]},
             {"name":"tags","type":{"type":"array","items":"int"}},
             {"name":"counts","type":{"type":"map","values":"long"}},
             {"name":"day","type":{"type":"int","logicalType":"date"}},
             {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
             {"name":"exactly","type":{"type":"long","logicalType":"timestamp-micros"}},
             {"name":"here","type":{"type":"long","logicalType":"local-timestamp-millis"}},
             {"name":"clock","type":{"type":"int","logicalType":"time-millis"}},
             {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}},
             {"name":"id","type":{"type":"string","logicalType":"uuid"}},
             {"name":"tree","type":{"type":"record","name":"Tree","fields":[
               {"name":"name","type":"string"},
               {"name":"child","type":["null","Tree"],"default":null}]}}]}""");

    @Test
    void everyTypeHasItsJson() throws IOException {
        assertThat(json(EVERYTHING, write(everything()))).isEqualTo("""
                {"flag":true,"small":-7,"large":9007199254740993,"half":1.5,"real":0.1,"text":"a \\"ü\\" 😀","raw":"AP8=",\
                "four":"AQIDBA==","kind":"SELL","maybe":"yes","none":null,"either":["x"],"tags":[1,2,3],"counts":{"a":1},\
                "day":"2026-11-25","at":"2026-11-25T12:00:00.500Z","exactly":"1969-12-31T23:59:59.999999Z",\
                "here":"2026-11-25T12:00","clock":"23:59:59.999","price":-1234.50,"id":"6f1c2d9e-0000-4000-8000-000000000001",\
                "tree":{"name":"root","child":{"name":"leaf","child":null}}}""");
    }

    @Test
    void bytesThatEndTooEarlyAreTold() throws IOException {
        byte[] whole = write(everything());
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> json(EVERYTHING, cut))
                    .isInstanceOf(PoisonException.class)
                    .hasMessageContaining("ends too early");
        }
    }

    @Test
    void noBytesCostMoreThanTheyAreWorth() throws IOException {
        Random random = new Random(11);
        byte[] whole = write(everything());
        ObjectMapper mapper = new ObjectMapper();
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                mapper.readTree(json(EVERYTHING, damaged));
                read++;
            } catch (PoisonException | DateTimeException | ArithmeticException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void aSchemaThatHoldsItselfAndAnArrayOfNothingHaveAnEnd() {
        Schema list = new Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}");
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 2);
        assertThatThrownBy(() -> json(list, deep)).hasMessageContaining("nested more than 64 deep");
        Schema nulls = Schema.createArray(Schema.create(Schema.Type.NULL));
        byte[] many = {-2, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0};
        assertThatThrownBy(() -> json(nulls, many)).hasMessageContaining("more than 1000000 items");
    }

    private static GenericRecord everything() {
        GenericRecord tree = new GenericData.Record(EVERYTHING.getField("tree").schema());
        GenericRecord leaf = new GenericData.Record(EVERYTHING.getField("tree").schema());
        leaf.put("name", "leaf");
        tree.put("name", "root");
        tree.put("child", leaf);
        GenericRecord record = new GenericData.Record(EVERYTHING);
        record.put("flag", true);
        record.put("small", -7);
        record.put("large", 9007199254740993L);
        record.put("half", 1.5f);
        record.put("real", 0.1);
        record.put("text", "a \"ü\" 😀");
        record.put("raw", ByteBuffer.wrap(new byte[] {0, -1}));
        record.put("four", new GenericData.Fixed(EVERYTHING.getField("four").schema(), new byte[] {1, 2, 3, 4}));
        record.put(
                "kind", new GenericData.EnumSymbol(EVERYTHING.getField("kind").schema(), "SELL"));
        record.put("maybe", "yes");
        record.put("either", List.of("x"));
        record.put("tags", List.of(1, 2, 3));
        record.put("counts", Map.of("a", 1L));
        record.put("day", 20_782);
        record.put("at", 1_795_608_000_500L);
        record.put("exactly", -1L);
        record.put("here", 1_795_608_000_000L);
        record.put("clock", 86_399_999);
        record.put(
                "price",
                new Conversions.DecimalConversion()
                        .toBytes(
                                new BigDecimal("-1234.50"),
                                EVERYTHING.getField("price").schema(),
                                LogicalTypes.decimal(10, 2)));
        record.put("id", "6f1c2d9e-0000-4000-8000-000000000001");
        record.put("tree", tree);
        return record;
    }

    private static byte[] write(GenericRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static String json(Schema schema, byte[] bytes) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator out = RecordFormat.FramedAvro.JSON.createGenerator(text)) {
            AvroShape.of(schema).write(new AvroInput(bytes, 0), out);
        }
        return text.toString(java.nio.charset.StandardCharsets.UTF_8);
    }
}
