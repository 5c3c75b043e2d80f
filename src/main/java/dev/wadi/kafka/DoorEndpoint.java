package dev.wadi.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One topic, or several. {@code to:} is Camel's own. */
final class DoorEndpoint extends KafkaEndpoint {
    private static final String ALWAYS_LATER =
            "offsets are committed once the table has the records, and not otherwise";

    private final KafkaDoor door;
    private final boolean changes;

    /** @param changes whether the records are changes of a database in Debezium's envelope */
    DoorEndpoint(String uri, KafkaDoor door, boolean changes) {
        super(uri, door);
        this.door = door;
        this.changes = changes;
    }

    /** Whether the records are changes of a database, one after the other in each partition. */
    boolean carriesChanges() {
        return changes;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        refuseWhatWouldDoNothing();
        DoorConsumer consumer = new DoorConsumer(this, door, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** An option that is silently ignored would be a promise that nobody keeps. */
    private void refuseWhatWouldDoNothing() {
        KafkaConfiguration options = getConfiguration();
        if (changes && options.getSchemaRegistryURL() == null) {
            throw new IllegalArgumentException(
                    "kafka:%s: %s reads Avro: name the schemaRegistryURL, and let the connector write keys and values with an Avro converter"
                            .formatted(options.getTopic(), KafkaDoor.DEBEZIUM));
        }
        Map<String, String> refused = new LinkedHashMap<>();
        if (options.isAllowManualCommit()) {
            refused.put("allowManualCommit", ALWAYS_LATER);
        }
        if (options.getOffsetRepository() != null) {
            refused.put("offsetRepository", ALWAYS_LATER);
        }
        if (options.isBreakOnFirstError()) {
            refused.put("breakOnFirstError", "a failed record is tried again, and its offset waits for it");
        }
        if (options.getBatchingIntervalMs() != null) {
            refused.put("batchingIntervalMs", "a list is what one poll brought of a partition, and is not waited for");
        }
        if (options.getSeekTo() != null) {
            refused.put("seekTo", "a group goes on where it was; move it with kafka-consumer-groups --reset-offsets");
        }
        if (options.isSpecificAvroReader()) {
            refused.put("specificAvroReader", "Avro becomes JSON, not Java classes");
        }
        if (!isBytes(options.getKeyDeserializer())) {
            refused.put("keyDeserializer", "the key is a header of text");
        }
        if (!isBytes(options.getValueDeserializer())) {
            refused.put("valueDeserializer", "the body is the bytes of the record; for Avro write schemaRegistryURL");
        }
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException(refused.entrySet().stream()
                    .map(each -> "kafka:%s: %s has no effect here (%s): remove it"
                            .formatted(options.getTopic(), each.getKey(), each.getValue()))
                    .reduce("%s; %s"::formatted)
                    .orElseThrow());
        }
    }

    private static boolean isBytes(String deserializer) {
        return deserializer.equals(KafkaConstants.KAFKA_DEFAULT_DESERIALIZER)
                || deserializer.equals(ByteArrayDeserializer.class.getName());
    }
}
