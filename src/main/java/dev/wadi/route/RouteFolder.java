package dev.wadi.route;

import dev.wadi.yaml.FolderMarks;
import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The folder of {@code *.camel.yaml} files, at any depth, with the {@code .sql} files that their routes name. Hidden folders are
 * left out: mounted volumes keep copies there. The one place that looks at route files.
 */
final class RouteFolder {
    private static final String SUFFIX = ".camel.yaml";
    private static final String SQL = ".sql";

    private final Path root;
    private final FolderMarks files;

    /** @throws RouteException when there is no such folder */
    RouteFolder(Path root) {
        this.root = root;
        this.files = new FolderMarks(
                root, name -> name.endsWith(SUFFIX) || name.endsWith(SQL) || name.endsWith(".camel.yml"));
        if (!Files.isDirectory(root)) {
            throw new RouteException(
                    "%s: there is no such folder: make it, or set wadi.routes-dir (WADI_ROUTES_DIR) to the one that holds the routes"
                            .formatted(root));
        }
    }

    Path root() {
        return root;
    }

    /** Reads all files; what cannot be read is told and left out. */
    RouteSet read(Mistakes mistakes) {
        List<RouteFile> files = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            mistakes.add(root, 0, "the folder is gone: make it again, with the files of the routes");
        }
        for (Path path : marks().keySet()) {
            if (path.toString().endsWith(SUFFIX)) {
                try {
                    files.add(RouteFile.read(path, Files.readString(path), mistakes));
                } catch (MalformedInputException e) {
                    mistakes.add(path, 0, "not UTF-8: save the file as UTF-8");
                } catch (IOException e) {
                    mistakes.add(
                            path, 0, "cannot be read: %s: check its permissions".formatted(RouteException.text(e)));
                }
            } else if (path.toString().endsWith(".camel.yml")) {
                mistakes.add(path, 0, "is not read, because of its name: name it *.camel.yaml");
            }
        }
        return new RouteSet(root, files, mistakes);
    }

    /** All files that routes are made of. Two that are equal were taken of the same texts. */
    Map<Path, FolderMarks.Mark> marks() {
        return files.find();
    }
}
