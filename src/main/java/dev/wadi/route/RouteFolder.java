package dev.wadi.route;

import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The folder of {@code *.camel.yaml} files, at any depth, with the {@code .sql} files that their routes name. Hidden folders are
 * left out: mounted volumes keep copies there. The one place that looks at route files.
 */
final class RouteFolder {
    private static final String SUFFIX = ".camel.yaml";
    private static final String SQL = ".sql";

    private final Path root;

    /**
     * What shows that a file has changed, without reading it.
     *
     * @param real the file behind links: a mounted volume changes a link in the path and not the file
     */
    record Mark(Path real, long size, FileTime modified) {}

    /** @throws RouteException when there is no such folder */
    RouteFolder(Path root) {
        this.root = root;
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
        for (Path path : find().keySet()) {
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
    Map<Path, Mark> marks() {
        return find();
    }

    private Map<Path, Mark> find() {
        Map<Path, Mark> found = new TreeMap<>();
        if (!Files.isDirectory(root)) {
            return found;
        }
        try {
            Files.walkFileTree(
                    root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                            return !folder.equals(root) && hidden(folder)
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                            String name = file.toString();
                            boolean ours = name.endsWith(SUFFIX) || name.endsWith(SQL) || name.endsWith(".camel.yml");
                            if (ours && attributes.isRegularFile() && !hidden(file)) {
                                found.put(
                                        file,
                                        new Mark(file.toRealPath(), attributes.size(), attributes.lastModifiedTime()));
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        /** It went while the folder was looked at, or it is a link to nowhere. */
                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the routes in " + root, e);
        }
        return found;
    }

    private static boolean hidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }
}
