package dev.wadi.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server of the test as a process of its own that works in a temporary folder. It can be ended and started again in its folder;
 * {@link #close}, which the end of the JVM calls too, ends it and removes the folder.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String OUTPUT = "server.out";

    private final String name;
    private final Path folder;
    private @Nullable Process process;

    /** Asks a server something that it answers when it is up. */
    interface Question {
        /** @throws Exception while it does not answer */
        void ask() throws Exception;
    }

    /** @param name of the server, for errors */
    ServerProcess(String name) {
        this.name = name;
        try {
            this.folder = Files.createTempDirectory("wadi-server");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    Path folder() {
        return folder;
    }

    /** Starts it and returns when it answers. */
    void launch(ProcessBuilder command, Question question) {
        try {
            Process started = command.directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(OUTPUT).toFile())
                    .start();
            process = started;
            await(started, question);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(Process started, Question question) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                question.ask();
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while %s started".formatted(name), e);
            } catch (Exception notYet) {
                if (!started.isAlive() || System.nanoTime() > deadline) {
                    String said = Files.readString(folder.resolve(OUTPUT));
                    close();
                    throw new IllegalStateException("%s did not start: %s".formatted(name, said), notYet);
                }
                pause();
            }
        }
    }

    /** Ends it as a power cut would. */
    void kill() {
        end(running -> kill(tree(running)));
    }

    /** Ends it in the given way, if it runs. */
    synchronized void end(Consumer<Process> way) {
        Process running = process;
        process = null;
        if (running != null) {
            way.accept(running);
        }
    }

    /** A process and those it started, children first. */
    static List<ProcessHandle> tree(Process process) {
        List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
        tree.add(process.toHandle());
        return tree;
    }

    /** Ends processes at once, and returns when they are gone. */
    static void kill(List<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(each -> each.onExit().join());
    }

    @Override
    public synchronized void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // The folder is gone: closed before.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
