package dev.wadi.yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder that people write, at any depth, with what shows that one has changed. Hidden folders are left out:
 * mounted volumes keep copies there.
 */
public final class FolderMarks {
    private final Path root;
    private final Predicate<String> ours;

    /**
     * What shows that a file has changed, without reading it.
     *
     * @param real the file behind links: a mounted volume changes a link in the path and not the file
     */
    public record Mark(Path real, long size, FileTime modified) {}

    /** @param ours whether a path belongs to them */
    public FolderMarks(Path root, Predicate<String> ours) {
        this.root = root;
        this.ours = ours;
    }

    /** In the order of their paths; none when there is no such folder. Two that are equal were taken of the same texts. */
    public Map<Path, Mark> find() {
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
                            if (!ours.test(file.toString()) || hidden(file)) {
                                return FileVisitResult.CONTINUE;
                            }
                            if (attributes.isRegularFile()) {
                                found.put(
                                        file,
                                        new Mark(file.toRealPath(), attributes.size(), attributes.lastModifiedTime()));
                            } else if (attributes.isSymbolicLink()) { // to nowhere; whoever reads it tells that
                                found.put(file, new Mark(file, attributes.size(), attributes.lastModifiedTime()));
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        /** It went while the folder was looked at. */
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
            throw new UncheckedIOException("cannot look at the files in " + root, e);
        }
        return found;
    }

    private static boolean hidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }
}
