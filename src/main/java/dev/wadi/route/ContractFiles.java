package dev.wadi.route;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.engine.ContractSql;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.QueryCheck;
import dev.wadi.table.Lake;
import dev.wadi.table.TableException;
import dev.wadi.yaml.FolderMarks;
import dev.wadi.yaml.Mistakes;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The contracts as their files have them, read and tried anew only when the files have changed. */
@Singleton
final class ContractFiles {
    private final Path folder;
    private final Contracts inForce;
    private final ContractSql sql;
    private final Lake lake;
    private final DuckDb duckDb;
    private Tried last;

    /** @param mistakes of these contracts, a line each */
    private record Tried(Contracts contracts, List<String> mistakes) {}

    ContractFiles(@Value("${wadi.schemas-dir:schemas}") String schemas, Contracts inForce, Lake lake, DuckDb duckDb) {
        this.folder = Path.of(schemas, "tables");
        this.inForce = inForce;
        this.sql = new ContractSql(duckDb);
        this.lake = lake;
        this.duckDb = duckDb;
        this.last = new Tried(inForce.asTheyAre(), List.of());
    }

    Map<Path, FolderMarks.Mark> marks() {
        return Contracts.files(folder);
    }

    /** @param mistakes takes a line for each */
    synchronized Tables read(List<String> mistakes) {
        if (!last.contracts().files().equals(marks())) {
            last = read();
        }
        mistakes.addAll(last.mistakes());
        return new ContractTables(last.contracts(), new QueryCheck(duckDb, last.contracts()));
    }

    private Tried read() {
        Mistakes inFiles = new Mistakes();
        Contracts read = Contracts.load(folder, inFiles);
        List<String> mistakes = new ArrayList<>(inFiles.lines());
        if (mistakes.isEmpty()) {
            mistakes.addAll(sql.mistakes(read));
        }
        if (mistakes.isEmpty()) {
            for (Contract contract : read.without(inForce)) {
                try {
                    lake.check(contract);
                } catch (TableException e) {
                    mistakes.add("%s: %s".formatted(contract.file(), e.getMessage()));
                }
            }
        }
        return new Tried(read, mistakes);
    }
}
