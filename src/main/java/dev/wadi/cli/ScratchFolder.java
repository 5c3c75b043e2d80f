package dev.wadi.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder for temporary files that goes with all that is in it. It is this process's own: a server beside it has another.
 *
 * @param path of the folder
 */
record ScratchFolder(Path path) implements AutoCloseable {

    /** @throws UncheckedIOException when there is no room for one */
    static ScratchFolder create(String prefix) {
        try {
            return new ScratchFolder(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "No folder for temporary files: %s. Set -Djava.io.tmpdir to one that can be written"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be deleted".formatted(path), e);
        }
    }
}
