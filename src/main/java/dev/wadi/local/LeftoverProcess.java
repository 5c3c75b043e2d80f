package dev.wadi.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An embedded part that outlived the Wadi that started it. PostgreSQL and Azurite are processes of their own, so a Wadi killed
 * with {@code kill -9} leaves them running; what they have taken is safe either way.
 */
final class LeftoverProcess {
    /** The file in its folder in which Azurite's id is. */
    static final String AZURITE_PID = "azurite.pid";

    private final String part;
    private final Path directory;
    private final Path pidFile;
    private final String program;

    private LeftoverProcess(String part, Path directory, String pidFile, String program) {
        this.part = part;
        this.directory = directory;
        this.pidFile = directory.resolve(pidFile);
        this.program = program;
    }

    /** @param directory of the data of PostgreSQL; held by this process, so no other Wadi uses it rightfully */
    static LeftoverProcess postgres(Path directory) {
        return new LeftoverProcess("PostgreSQL", directory, "postmaster.pid", "postgres");
    }

    /** @param directory of the blobs; held by this process, so no other Wadi uses it rightfully */
    static LeftoverProcess azurite(Path directory) {
        return new LeftoverProcess("blob store", directory, AZURITE_PID, "node");
    }

    /** What it is, for a person. */
    String part() {
        return part;
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
        if (!isItHere(process)) {
            // A stranger has got this process id, say after a reboot. PostgreSQL would refuse to start beside it.
            Files.deleteIfExists(pidFile);
            return Optional.empty();
        }
        interrupt(process);
        if (!ends(process, patience)) {
            process.destroyForcibly();
            if (!ends(process, Duration.ofSeconds(5))) {
                throw new StartException(
                        "A %s left over from an earlier run (process %d) still runs on %s and does not stop: end it, then start again."
                                .formatted(part, process.pid(), directory));
            }
        }
        return Optional.of(process.pid());
    }

    /** The process that the file names, when there is one of that id. */
    private Optional<ProcessHandle> recorded() throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(ProcessHandle::isAlive);
    }

    /** It works in its folder, so that tells it from every other process, others of its program included. */
    private boolean isItHere(ProcessHandle process) throws IOException {
        boolean isProgram = process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString().startsWith(program))
                .orElse(false);
        if (!isProgram) {
            return false;
        }
        Path workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            return Files.isSameFile(workingDirectory, directory);
        } catch (NoSuchFileException ended) {
            return false;
        }
    }

    /**
     * SIGINT is PostgreSQL's fast shutdown; the SIGTERM that Java knows would wait for every session to end. Azurite writes down
     * what it holds on either.
     */
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
        while (process.isAlive() && isItHere(process)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(50);
        }
        return true;
    }
}
