package dev.wadi.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzuriteTest {
    @TempDir
    Path folder;

    @Test
    void nodeAndAzuriteAreFoundWhereTheBuildPutsThem() {
        Azurite.Found found = Azurite.find();
        assertThat(found.lacks()).isEmpty();
        assertThat(found.azurite().orElseThrow().main()).isRegularFile();
        assertThat(found.azurite().orElseThrow().node()).isExecutable();
    }

    @Test
    void whatLacksIsSaidWithTheCure() throws Exception {
        assertThat(Azurite.find(Path.of("target"), folder.toString()).lacks())
                .isEqualTo("Node was not found: install Node 18 or newer with npm, then `make run` again");
        assertThat(Azurite.find(Path.of("target"), null).azurite()).isEmpty();
        assertThat(Azurite.find(folder, Objects.requireNonNull(System.getenv("PATH")))
                        .lacks())
                .isEqualTo("Azurite is not installed: `make run` does it where npm is there, or `make azurite`");
        // a folder of the name, and a file that cannot be run, are no programs
        Files.createDirectories(folder.resolve("a/node"));
        Files.createDirectories(folder.resolve("b"));
        Files.writeString(folder.resolve("b/node"), "");
        assertThat(Azurite.find(Path.of("target"), folder.resolve("a") + ":" + folder.resolve("b"))
                        .azurite())
                .isEmpty();
    }
}
