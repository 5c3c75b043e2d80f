package dev.wadi.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL that outlived the process that started it. It is a process of its own, so a Wadi killed with
 * {@code kill -9} leaves it running; what was committed in it is safe either way.
 */
final class LeftoverPostgres {
    private final Path dataDirectory;

    /** @param dataDirectory of PostgreSQL; held by this process, so no other Wadi uses it rightfully */
    LeftoverPostgres(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    /**
     * Stops it, open sessions included.
     *
     * @return its process id; empty when none ran
     * @throws StartException when it does not stop
     */
    Optional<Long> stop(Duration patience) throws IOException, InterruptedException {
        Optional<ProcessHandle> recorded = recorded();
        if (recorded.isEmpty()) {
            return Optional.empty();
        }
        ProcessHandle process = recorded.get();
        if (!isPostgresHere(process)) {
            // A stranger has got this process id, say after a reboot. PostgreSQL would refuse to start beside it.
            Files.deleteIfExists(pidFile());
            return Optional.empty();
        }
        interrupt(process);
        if (!ends(process, patience)) {
            process.destroyForcibly();
            if (!ends(process, Duration.ofSeconds(5))) {
                throw new StartException(
                        "A PostgreSQL left over from an earlier run (process %d) still runs on %s and does not stop: end it, then start again."
                                .formatted(process.pid(), dataDirectory));
            }
        }
        return Optional.of(process.pid());
    }

    /** The process that {@code postmaster.pid} names, when there is one of that id. */
    private Optional<ProcessHandle> recorded() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile());
        if (lines.isEmpty() || !lines.getFirst().strip().matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(ProcessHandle::isAlive);
    }

    /** PostgreSQL works in its data directory, so that tells it from every other process, other PostgreSQLs included. */
    private boolean isPostgresHere(ProcessHandle process) throws IOException {
        boolean isPostgres = process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
                .orElse(false);
        if (!isPostgres) {
            return false;
        }
        Path workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            return Files.isSameFile(workingDirectory, dataDirectory);
        } catch (NoSuchFileException ended) {
            return false;
        }
    }

    /** SIGINT is PostgreSQL's fast shutdown; the SIGTERM that Java knows would wait for every session to end. */
    private static void interrupt(ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -INT " + process.pid())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Not by the exit of the process alone: where nobody reaps orphans, a container say, an ended one stays listed. */
    private boolean ends(ProcessHandle process, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (process.isAlive() && isPostgresHere(process)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(50);
        }
        return true;
    }

    private Path pidFile() {
        return dataDirectory.resolve("postmaster.pid");
    }
}
