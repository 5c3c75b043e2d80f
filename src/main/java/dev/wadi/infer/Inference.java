package dev.wadi.infer;

import dev.wadi.contract.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes what a new stream needs, guessed from a sample: two contracts, two routes and the SQL between bronze and silver. */
public final class Inference {
    private final Path schemas;
    private final Path routes;

    /** @param schemas the folder with {@code tables} in it */
    public Inference(Path schemas, Path routes) {
        this.schemas = schemas;
        this.routes = routes;
    }

    /**
     * Writes the files.
     *
     * @param sample CSV, NDJSON or Parquet, by the end of its name; NDJSON when it has another
     * @return the files, in the order of their names
     * @throws IOException when the sample cannot be read, or one of the files is there: nothing is overwritten, and nothing written then
     * @throws IllegalArgumentException when the stream cannot be called so
     */
    public List<Path> write(Path sample, String stream) throws IOException {
        new TableName("bronze", stream);
        StreamFiles files = new StreamFiles(stream, Sample.read(sample));
        Map<Path, String> texts = new TreeMap<>();
        files.contracts().forEach((name, text) -> texts.put(schemas.resolve(name), text));
        files.routes().forEach((name, text) -> texts.put(routes.resolve(name), text));
        List<String> there = texts.keySet().stream()
                .filter(Files::exists)
                .map(Path::toString)
                .toList();
        if (!there.isEmpty()) {
            throw new IOException("%s is there already and stays as it is: give the stream another name, or remove it"
                    .formatted(String.join(", ", there)));
        }
        for (Map.Entry<Path, String> each : texts.entrySet()) {
            Files.createDirectories(each.getKey().toAbsolutePath().getParent());
            Files.writeString(each.getKey(), each.getValue(), StandardOpenOption.CREATE_NEW);
        }
        return new ArrayList<>(texts.keySet());
    }
}
