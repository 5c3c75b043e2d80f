package dev.wadi.generator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of {@link Target}. */
public enum Destination {
    FILE,
    HTTP,
    RABBITMQ,
    KAFKA,
    POSTGRES,
    FOLDER_CSV,
    FOLDER_PARQUET,
    BLOB_CSV,
    BLOB_PARQUET;

    /** Where each is unless somebody says so. */
    public record Addresses(String http, String rabbitMq, String kafka, String postgres, Path drops, Blobs blobs) {}

    /**
     * A container.
     *
     * @param connection of its account, as Azure writes it
     */
    public record Blobs(String connection, String container) {}

    /**
     * What somebody says of the place.
     *
     * @param at the address, in place of the usual one; for FILE a path, empty for the output
     * @param topic of Kafka
     * @param fileRows the most rows that a dropped file has
     */
    public record Details(Optional<String> at, Optional<String> topic, int fileRows) {
        /** Of a file, unless somebody says so: large enough to be fast, and merged within a few seconds. */
        public static final int FILE_ROWS = 200_000;

        public Details {
            if (fileRows < 1) {
                throw new IllegalArgumentException("a file has one row at least, not " + fileRows);
            }
        }
    }

    /** @throws IllegalArgumentException when there is none of that name */
    public static Destination named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--to %s: write one of %s".formatted(name, names())));
    }

    public static String names() {
        return Arrays.stream(values()).map(Destination::toString).collect(Collectors.joining(", "));
    }

    /**
     * Refuses faults that cannot be told there: a table holds rows, not events.
     *
     * @throws IllegalArgumentException saying which
     */
    public void check(SyntheticStream stream, Options options) {
        if (this != POSTGRES) {
            return;
        }
        boolean rows = options.duplicates() + options.malformed() + options.ties() + options.drift() == 0;
        boolean order = options.late() + options.reordered() == 0;
        if (!rows || !order && stream == SyntheticStream.BOOKINGS) {
            throw new IllegalArgumentException(
                    stream == SyntheticStream.BOOKINGS
                            ? "--to postgres writes rows as they are now: of the faults only --nulls makes sense for bookings"
                            : "--to postgres writes each click as a row once: of the faults only --nulls, --late and --out-of-order make sense");
        }
    }

    /** @param out for FILE without an address */
    public Target open(SyntheticStream stream, Options options, Addresses usual, Details details, OutputStream out)
            throws IOException {
        check(stream, options);
        Optional<String> at = details.at();
        return switch (this) {
            case FILE -> at.isEmpty() ? LineTarget.of(out) : LineTarget.file(Path.of(at.get()));
            case HTTP -> new HttpTarget(at.orElse(usual.http()), stream);
            case RABBITMQ -> new RabbitMqTarget(at.orElse(usual.rabbitMq()), stream);
            case KAFKA ->
                new KafkaTarget(at.orElse(usual.kafka()), details.topic().orElseGet(() -> topic(stream)));
            case POSTGRES -> new PostgresTarget(at.orElse(usual.postgres()), stream);
            case FOLDER_CSV, FOLDER_PARQUET ->
                dropping(
                        stream,
                        options,
                        details,
                        DropTarget.folder(
                                Files.createDirectories(at.map(Path::of).orElse(usual.drops())), stream));
            case BLOB_CSV, BLOB_PARQUET -> dropping(stream, options, details, BlobDrop.open(usual.blobs(), at, stream));
        };
    }

    private Target dropping(SyntheticStream stream, Options options, Details details, DropTarget.Drop drop)
            throws IOException {
        // another file each time, as the story of a seed may be sent twice
        String prefix = "%s-%d-%d".formatted(stream, options.seed(), System.currentTimeMillis());
        boolean parquet = this == FOLDER_PARQUET || this == BLOB_PARQUET;
        return new DropTarget(toString(), stream, prefix, parquet, details.fileRows(), drop);
    }

    private static String topic(SyntheticStream stream) {
        if (stream == SyntheticStream.CLICKSTREAM) {
            return "topic_0";
        }
        throw new IllegalArgumentException(
                "no route of Wadi reads %s from Kafka: name the topic of yours with --topic".formatted(stream));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
