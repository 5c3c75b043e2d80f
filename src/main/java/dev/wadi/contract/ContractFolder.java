package dev.wadi.contract;

import dev.wadi.yaml.Mistakes;
import dev.wadi.yaml.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The contracts of a folder, and what is wrong between them: two for one table, two for one stream. */
final class ContractFolder {
    private static final String SUFFIX = ".odcs.yaml";

    private final Path directory;
    private final Mistakes mistakes;
    private final Map<String, String> tables = new HashMap<>();
    private final Map<String, String> streams = new HashMap<>();

    ContractFolder(Path directory, Mistakes mistakes) {
        this.directory = directory;
        this.mistakes = mistakes;
    }

    /** Those without a mistake. */
    Contracts read() {
        List<Contract> contracts = new ArrayList<>();
        for (Path file : files()) {
            ContractReader reader = new ContractReader(new YamlFile(file, mistakes), mistakes);
            Contract contract = reader.read();
            alone(tables, reader.table(), file, "the table", "Every table has one contract: remove one of the two.");
            alone(
                    streams,
                    reader.stream(),
                    file,
                    "the stream",
                    "The events of a stream go to one table: give this table another stream.");
            if (contract != null) {
                contracts.add(contract);
            }
        }
        return new Contracts(contracts);
    }

    private void alone(
            Map<String, String> seen, ContractReader.@Nullable Named named, Path file, String what, String cure) {
        if (named != null) {
            String first = seen.putIfAbsent(named.name(), "%s:%d".formatted(file, named.line()));
            if (first != null) {
                mistakes.add(
                        file,
                        named.line(),
                        "%s '%s' is described already, in %s. %s".formatted(what, named.name(), first, cure));
            }
        }
    }

    /** The contract files in the order of their names. Hidden folders are left out: mounted volumes keep copies there. */
    private TreeSet<Path> files() {
        TreeSet<Path> files = new TreeSet<>();
        if (!Files.isDirectory(directory)) {
            mistakes.add(directory, 0, "there is no such folder. Create it, with a *.odcs.yaml file for each table.");
            return files;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean hidden = !folder.equals(directory)
                            && folder.getFileName().toString().startsWith(".");
                    return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = file.getFileName().toString();
                    if (name.startsWith(".") || Files.isDirectory(file)) {
                        return FileVisitResult.CONTINUE;
                    }
                    if (name.endsWith(SUFFIX)) {
                        files.add(file);
                    } else if (name.endsWith(".odcs.yml")) {
                        mistakes.add(file, 0, "is not read, because of its name. Name it *.odcs.yaml.");
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the contracts in %s".formatted(directory), e);
        }
        if (files.isEmpty() && mistakes.count() == 0) {
            mistakes.add(directory, 0, "holds no *.odcs.yaml file. Write one for each table.");
        }
        return files;
    }
}
