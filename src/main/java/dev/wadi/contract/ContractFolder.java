package dev.wadi.contract;

import dev.wadi.yaml.FolderMarks;
import dev.wadi.yaml.Mistakes;
import dev.wadi.yaml.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The contracts of a folder, and what is wrong between them: two for one table, two for one stream. Hidden folders are left out. */
final class ContractFolder {
    private static final String SUFFIX = ".odcs.yaml";
    private static final String MISNAMED = ".odcs.yml";

    private final Path directory;
    private final Mistakes mistakes;
    private final Map<String, String> tables = new HashMap<>();
    private final Map<String, String> streams = new HashMap<>();

    ContractFolder(Path directory, Mistakes mistakes) {
        this.directory = directory;
        this.mistakes = mistakes;
    }

    /** The files of contracts, also those that are not read because of their name. */
    static Map<Path, FolderMarks.Mark> marks(Path directory) {
        return new FolderMarks(directory, name -> name.endsWith(SUFFIX) || name.endsWith(MISNAMED)).find();
    }

    /** Those without a mistake. */
    Contracts read() {
        // before the reading: a file that changes meanwhile differs from what was marked
        Map<Path, FolderMarks.Mark> marks = marks(directory);
        List<Contract> contracts = new ArrayList<>();
        for (Path file : files(marks)) {
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
        return new Contracts(contracts, marks);
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

    /** The contract files in the order of their names. */
    private List<Path> files(Map<Path, FolderMarks.Mark> marks) {
        if (!Files.isDirectory(directory)) {
            mistakes.add(directory, 0, "there is no such folder. Create it, with a *.odcs.yaml file for each table.");
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        for (Path file : marks.keySet()) {
            if (file.toString().endsWith(SUFFIX)) {
                files.add(file);
            } else {
                mistakes.add(file, 0, "is not read, because of its name. Name it *.odcs.yaml.");
            }
        }
        if (marks.isEmpty()) {
            mistakes.add(directory, 0, "holds no *.odcs.yaml file. Write one for each table.");
        }
        return files;
    }
}
