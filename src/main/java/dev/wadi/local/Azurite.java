package dev.wadi.local;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Azurite, Microsoft's stand-in for Azure Blob Storage, as it is installed here: an npm package that the build puts beside the jar,
 * and a Node to run it. Nothing is installed while Wadi runs.
 *
 * @param node the program
 * @param main the script that is the blob store, without the queues and tables that Azurite also has
 */
record Azurite(Path node, Path main) {
    private static final String MAIN = "azurite/node_modules/azurite/dist/src/blob/main.js";

    /** Looked for where the build puts it. */
    static Found find() {
        return find(besideTheJar(), System.getenv("PATH"));
    }

    /**
     * What was found.
     *
     * @param azurite empty when something lacks
     * @param lacks what, and what to do; empty when nothing does
     */
    record Found(Optional<Azurite> azurite, String lacks) {}

    /**
     * @param folder in which the build has put it
     * @param programs folders with programs, as PATH has them
     */
    static Found find(@Nullable Path folder, @Nullable String programs) {
        Optional<Path> node = program("node", programs);
        if (node.isEmpty()) {
            return new Found(
                    Optional.empty(), "Node was not found: install Node 18 or newer with npm, then `make run` again");
        }
        Path main = folder == null ? null : folder.resolve(MAIN);
        if (main == null || !Files.isReadable(main)) {
            return new Found(
                    Optional.empty(),
                    "Azurite is not installed: `make run` does it where npm is there, or `make azurite`");
        }
        return new Found(Optional.of(new Azurite(node.get(), main.toAbsolutePath())), "");
    }

    private static Optional<Path> program(String name, @Nullable String programs) {
        if (programs == null) {
            return Optional.empty();
        }
        for (String folder : programs.split(File.pathSeparator, -1)) {
            Path program = Path.of(folder.isEmpty() ? "." : folder, name).toAbsolutePath();
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /** The folder of the jar, and of the folder of classes in a build. */
    private static @Nullable Path besideTheJar() {
        CodeSource code = Azurite.class.getProtectionDomain().getCodeSource();
        try {
            return code == null
                    ? null
                    : Path.of(code.getLocation().toURI()).toAbsolutePath().getParent();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
