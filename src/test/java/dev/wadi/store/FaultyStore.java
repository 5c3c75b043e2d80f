package dev.wadi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A local store that breaks at one call. The calls of one thread are counted from 1, those of others pass, so that what the
 * background does never shifts the count.
 */
public final class FaultyStore implements Store {
    /** When the call breaks, seen from what it does. */
    public enum Moment {
        /** Nothing was done. */
        BEFORE,
        /** Half was done: a hidden draft is left, or the end of a file that was not yet synced is gone. */
        DURING,
        /** All was done, and the caller hears otherwise. */
        AFTER
    }

    /** What happens after the fault. */
    public enum Aftermath {
        /** Later calls work: a hiccup. */
        RECOVERS,
        /** No later call works, on any thread: as if the process had been killed. */
        DEAD
    }

    /** @param reads whether the call only looks, so that {@link Moment#DURING} and AFTER mean nothing */
    public record Call(String what, String file, boolean reads) {}

    /** One fault: the number of the call it hits, from 1. */
    public record Fault(int call, Moment moment, Aftermath aftermath) {}

    @FunctionalInterface
    private interface Action<T> {
        T run() throws IOException;
    }

    private final Store real = new LocalStore();
    private final List<Call> calls = new ArrayList<>();
    private @Nullable Thread watched;
    private @Nullable Fault fault;
    private @Nullable Predicate<Call> full;
    private @Nullable Predicate<Call> awaited;
    private @Nullable Runnable meanwhile;
    private boolean dead;
    private boolean hit;

    /** Counts the calls of this thread from now on, and breaks as {@code next} says; null for never. */
    public synchronized void watch(@Nullable Fault next) {
        watched = Thread.currentThread();
        calls.clear();
        fault = next;
        dead = false;
        hit = false;
    }

    /** From now on nothing breaks. */
    public synchronized void heal() {
        watched = null;
        fault = null;
        full = null;
        dead = false;
    }

    /** From now on the calls that {@code which} picks, of any thread, find no space left. */
    public synchronized void fill(Predicate<Call> which) {
        full = which;
    }

    /** Does {@code what} right before the next call that {@code which} picks, once: what another writer does meanwhile. */
    public synchronized void before(Predicate<Call> which, Runnable what) {
        awaited = which;
        meanwhile = what;
    }

    private synchronized @Nullable Runnable meanwhile(Call call) {
        if (awaited == null || !awaited.test(call)) {
            return null;
        }
        awaited = null;
        return meanwhile;
    }

    /** The calls since {@link #watch}. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Whether the fault came to pass. */
    public synchronized boolean hit() {
        return hit;
    }

    private static IOException broken(Call call, Moment moment) {
        return new IOException("injected fault %s %s of %s".formatted(moment, call.what(), call.file()));
    }

    /** The moment at which this call breaks; null for never. */
    private synchronized @Nullable Moment register(Call call) throws IOException {
        if (dead) {
            throw broken(call, Moment.BEFORE);
        }
        if (full != null && full.test(call)) {
            throw new IOException("No space left on device");
        }
        if (Thread.currentThread() != watched) {
            return null;
        }
        calls.add(call);
        if (fault == null || fault.call() != calls.size()) {
            return null;
        }
        hit = true;
        dead = fault.aftermath() == Aftermath.DEAD;
        return fault.moment();
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void write(Call call, Step half, Step whole) throws IOException {
        guarded(
                call,
                () -> {
                    half.run();
                    return call;
                },
                () -> {
                    whole.run();
                    return call;
                });
    }

    private <T> T guarded(Call call, Action<T> half, Action<T> action) throws IOException {
        Runnable other = meanwhile(call);
        if (other != null) {
            other.run();
        }
        Moment moment = register(call);
        if (moment == null) {
            return action.run();
        }
        switch (moment) {
            case BEFORE -> {}
            case DURING -> half.run();
            case AFTER -> action.run();
        }
        throw broken(call, moment);
    }

    private <T> T look(String what, String path, Action<T> action) throws IOException {
        return guarded(new Call(what, path, true), action, action);
    }

    private static <T> T unchecked(Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void draft(String path, byte[] content) throws IOException {
        Path target = Path.of(path);
        Files.createDirectories(target.getParent());
        Files.write(
                target.resolveSibling("." + target.getFileName() + ".torn.tmp"),
                Arrays.copyOf(content, content.length / 2));
    }

    private static void cut(String path) throws IOException {
        try (FileChannel file = FileChannel.open(Path.of(path), StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
    }

    @Override
    public void putIfAbsent(String path, byte[] content) throws IOException {
        write(new Call("putIfAbsent", path, false), () -> draft(path, content), () -> real.putIfAbsent(path, content));
    }

    @Override
    public void put(String path, byte[] content) throws IOException {
        write(new Call("put", path, false), () -> draft(path, content), () -> real.put(path, content));
    }

    @Override
    public void createFolder(String path) throws IOException {
        write(new Call("createFolder", path, false), () -> {}, () -> real.createFolder(path));
    }

    @Override
    public byte[] read(String path) throws IOException {
        return look("read", path, () -> real.read(path));
    }

    @Override
    public boolean exists(String path) {
        return unchecked(() -> look("exists", path, () -> real.exists(path)));
    }

    @Override
    public Entry stat(String path) throws IOException {
        return look("stat", path, () -> real.stat(path));
    }

    @Override
    public List<Entry> listFrom(String path) throws IOException {
        return look("listFrom", path, () -> real.listFrom(path));
    }

    @Override
    public void sync(Collection<String> paths) throws IOException {
        write(
                new Call("sync", String.join(",", paths), false),
                () -> {
                    for (String path : paths) {
                        cut(path);
                    }
                },
                () -> real.sync(paths));
    }

    @Override
    public boolean delete(String path) throws IOException {
        return guarded(new Call("delete", path, false), () -> real.delete(path), () -> real.delete(path));
    }

    @Override
    public List<Entry> files(String folder) throws IOException {
        return look("files", folder, () -> real.files(folder));
    }

    @Override
    public List<String> folders(String path) throws IOException {
        return look("folders", path, () -> real.folders(path));
    }
}
