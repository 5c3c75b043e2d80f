package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.parts.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes merge overlapping shares of one random history into the same tables, both compact, and one of them is killed
 * in the midst of a batch and started again from the last batch that it has acknowledged. Repeat a run with
 * {@code -Dwadi.seed=N}; what the processes do in which order is up to the machine.
 */
class FencingTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void twoProcessesLoseNothingDoubleNothingAndBothGetOn() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("seed " + seed);
        int killAfter = FencingWriter.BATCHES / 3 + (int) Math.floorMod(seed, 5);
        try (Writer steady = new Writer(seed, 0, 0);
                Writer killed = new Writer(seed, 1, 0)) {
            steady.ready();
            killed.ready();
            steady.go();
            killed.go();
            int last = -1;
            while (last < killAfter) {
                last = killed.batch(last);
            }
            killed.kill();
            assertThat(steady.running()).as("seed %d: the other goes on", seed).isTrue();
            try (Writer again = new Writer(seed, 1, last + 1)) {
                again.ready();
                again.go();
                for (int batch = last; batch < FencingWriter.BATCHES - 1; ) {
                    batch = again.batch(batch);
                }
                for (int batch = -1; batch < FencingWriter.BATCHES - 1; ) {
                    batch = steady.batch(batch);
                }
                assertThat(again.end()).isZero();
                assertThat(steady.end()).isZero();
            }
        }
        StringBuilder logs = new StringBuilder();
        List<Contract> contracts = FencingWriter.contracts();
        try (MergeFixture wadi = new MergeFixture(folder, contracts.toArray(Contract[]::new))) {
            for (Contract contract : contracts) {
                logs.append(log(contract));
                if (contract.merging().whenMatched() == WhenMatched.KEEP_FIRST) {
                    assertThat(wadi.rows(contract.table(), "id"))
                            .as("seed %d, %s", seed, contract.table())
                            .containsExactlyElementsOf(FencingWriter.ids(seed));
                } else {
                    assertThat(wadi.rows(contract.table(), "id, seq, amount, note, \"day\""))
                            .as("seed %d, %s", seed, contract.table())
                            .containsExactlyElementsOf(FencingWriter.model(seed, contract));
                }
            }
        }
        assertThat(logs).as("seed %d: files were put together", seed).contains("\"dataChange\":false");
    }

    private String log(Contract contract) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> entries =
                Files.list(folder.resolve("lake/silver/" + contract.table().name() + "/_delta_log"))) {
            for (Path entry : entries.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                all.append(Files.readString(entry));
            }
        }
        return all.toString();
    }

    /** A process of its own. */
    private final class Writer implements AutoCloseable {
        private final Process process;
        private final BufferedReader said;
        private final Path errors;

        Writer(long seed, int number, int from) throws IOException {
            errors = folder.resolve("errors-%d-%d.txt".formatted(number, from));
            process = JavaCommand.of(
                            "-Xmx512m",
                            "-XX:+IgnoreUnrecognizedVMOptions",
                            "--sun-misc-unsafe-memory-access=allow",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            JavaCommand.classPath(),
                            FencingWriter.class.getName(),
                            folder.toString(),
                            Long.toString(seed),
                            Integer.toString(number),
                            Integer.toString(from))
                    .redirectError(errors.toFile())
                    .start();
            said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        void ready() throws IOException {
            await("ready");
        }

        void go() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }

        /** Waits for the batch after {@code before} and returns its number. */
        int batch(int before) throws IOException {
            await("batch " + (before + 1) + " at");
            return before + 1;
        }

        private void await(String beginning) throws IOException {
            StringBuilder heard = new StringBuilder();
            @Nullable String line;
            while ((line = said.readLine()) != null) {
                if (line.startsWith(beginning)) {
                    return;
                }
                heard.append(line).append('\n');
            }
            throw new AssertionError("waiting for '%s', the process ended: %s\n%s"
                    .formatted(beginning, heard, Files.readString(errors)));
        }

        boolean running() {
            return process.isAlive();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        int end() throws InterruptedException, IOException {
            while (said.readLine() != null) {
                Thread.onSpinWait();
            }
            return process.waitFor();
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }
}
