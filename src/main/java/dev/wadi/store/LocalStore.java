package dev.wadi.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files on a local disk. A new file is written beside its place under a hidden name, synced, and then given its name by a
 * hard link, which fails when the name is taken; then the folder is synced.
 */
public final class LocalStore implements Store {
    /** Folders whose own names are known to be on the disk. */
    private final Set<Path> named = ConcurrentHashMap.newKeySet();

    @Override
    public void putIfAbsent(String path, byte[] content) throws IOException {
        Path target = Path.of(path);
        Path draft = writeDraft(target, content);
        try {
            Files.createLink(target, draft);
        } finally {
            Files.deleteIfExists(draft);
        }
        syncFolder(target.getParent());
    }

    @Override
    public void put(String path, byte[] content) throws IOException {
        Path target = Path.of(path);
        Path draft = writeDraft(target, content);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(target.getParent());
    }

    private static Path writeDraft(Path target, byte[] content) throws IOException {
        createFolders(target.getParent());
        Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try (FileChannel file = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                file.write(left);
            }
            file.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
        return draft;
    }

    @Override
    public byte[] read(String path) throws IOException {
        return Files.readAllBytes(Path.of(path));
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(Path.of(path));
    }

    @Override
    public Entry stat(String path) throws IOException {
        Path file = Path.of(path);
        return new Entry(
                file.toString(),
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis());
    }

    @Override
    public List<Entry> listFrom(String path) throws IOException {
        Path from = Path.of(path);
        Path folder = from.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(String.valueOf(folder));
        }
        String first = from.getFileName().toString();
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && name.compareTo(first) >= 0) {
                    try {
                        entries.add(stat(file.toString()));
                    } catch (NoSuchFileException e) {
                        // went while we looked
                    }
                }
            }
        }
        entries.sort(Comparator.comparing(Entry::path));
        return entries;
    }

    @Override
    public void createFolder(String path) throws IOException {
        createFolders(Path.of(path));
    }

    @Override
    public void sync(Collection<String> paths) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        for (String path : paths) {
            Path file = Path.of(path);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Path folder = file.getParent();
            if (folder != null) {
                folders.add(folder);
                // A folder that was made along with its first file has its own name in the folder above.
                Path above = folder.getParent();
                if (above != null && named.add(folder)) {
                    folders.add(above);
                }
            }
        }
        for (Path folder : folders) {
            syncFolder(folder);
        }
    }

    @Override
    public boolean delete(String path) throws IOException {
        return Files.deleteIfExists(Path.of(path));
    }

    @Override
    public List<Entry> files(String folder) throws IOException {
        Path root = Path.of(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                entries.add(new Entry(
                        file.toString(),
                        attributes.size(),
                        attributes.lastModifiedTime().toMillis()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // went while we looked
                }
                throw failure;
            }
        });
        entries.sort(Comparator.comparing(Entry::path));
        return entries;
    }

    @Override
    public List<String> folders(String path) throws IOException {
        Path folder = Path.of(path);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory)
                    .map(inner -> inner.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static void createFolders(@Nullable Path folder) throws IOException {
        if (folder == null || Files.isDirectory(folder)) {
            return;
        }
        createFolders(folder.getParent());
        Files.createDirectories(folder);
        syncFolder(folder.getParent());
    }

    private static void syncFolder(@Nullable Path folder) throws IOException {
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
