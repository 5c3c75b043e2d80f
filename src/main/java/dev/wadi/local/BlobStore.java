package dev.wadi.local;

import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded blob store: Azurite, a process of its own, on the loopback address only, with its blobs in a folder. Its account is
 * the one that every Azurite has. It gets ready beside everything else, and nobody waits for it.
 *
 * <p>It writes down what it holds every few seconds and when it is stopped: a power cut may take the blobs of the last seconds
 * with it. The end of the process that started it takes none.
 */
final class BlobStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlobStore.class);
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String ACCOUNT = "devstoreaccount1";
    /** No secret: every Azurite has it. */
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private final Process process;
    private final Path folder;
    private final int port;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private BlobStore(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts it and returns at once.
     *
     * @param container made when it is not there
     * @throws StartException when the process cannot be started
     */
    static BlobStore start(Azurite azurite, DataFolder data, int port, String container) {
        Path folder = data.azurite();
        try {
            Files.createDirectories(folder);
            // It writes its own id before it becomes Azurite: a kill in between leaves no process that nobody knows of.
            Process process = new ProcessBuilder(
                            "sh",
                            "-c",
                            "echo $$ > %s && exec \"$@\"".formatted(LeftoverProcess.AZURITE_PID),
                            "azurite",
                            azurite.node().toString(),
                            azurite.main().toString(),
                            "--blobHost",
                            Ports.LOOPBACK,
                            "--blobPort",
                            Integer.toString(port),
                            "--location",
                            ".",
                            "--silent",
                            "--skipApiVersionCheck",
                            "--disableTelemetry")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("azurite.log").toFile())
                    .start();
            BlobStore store = new BlobStore(process, folder, port);
            Thread.ofPlatform().daemon().name("blob store").start(() -> store.getReady(container));
            return store;
        } catch (IOException e) {
            throw new StartException(
                    "The embedded blob store did not start in %s (%s): set %s to false, or %s to an account of Azure Blob Storage."
                            .formatted(
                                    folder,
                                    e.getMessage(),
                                    Setting.BLOB_EMBEDDED.variable(),
                                    Setting.AZURE_STORAGE_CONNECTION_STRING.variable()),
                    e);
        }
    }

    private void getReady(String container) {
        try {
            awaitAnswer();
            service().createBlobContainerIfNotExists(container);
            ready.complete(null);
        } catch (IOException | RuntimeException e) {
            ready.completeExceptionally(e);
            LOG.warn(
                    "The embedded blob store on port {} is of no use ({}): no blob is taken. Its log is {}",
                    port,
                    e.getMessage(),
                    folder.resolve("azurite.log"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(Ports.LOOPBACK, port), (int) PAUSE.toMillis());
                return;
            } catch (IOException notYet) {
                Thread.sleep(PAUSE);
            }
        }
        throw new IOException(
                process.isAlive()
                        ? "it does not answer within %d s".formatted(READY.toSeconds())
                        : "it ended with %d".formatted(process.exitValue()));
    }

    private BlobServiceClient service() {
        return new BlobServiceClientBuilder()
                .connectionString(connection(port))
                .retryOptions(
                        new RequestRetryOptions(RetryPolicyType.FIXED, 3, Duration.ofSeconds(10), PAUSE, PAUSE, null))
                .buildClient();
    }

    /** Completes when the container is there; exceptionally when it will not be. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    /** Of the account, as the client libraries of Azure take it. */
    static String connection(int port) {
        return "DefaultEndpointsProtocol=http;AccountName=%s;AccountKey=%s;BlobEndpoint=%s;"
                .formatted(ACCOUNT, KEY, address(port));
    }

    /** Of the account, for a person. */
    static String address(int port) {
        return "http://%s:%d/%s".formatted(Ports.LOOPBACK, port, ACCOUNT);
    }

    String connection() {
        return connection(port);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn(
                    "The blob store did not stop within {} s, so it is ended; blobs of the last seconds may be gone",
                    STOP.toSeconds());
            process.destroyForcibly().waitFor();
        }
        Files.deleteIfExists(folder.resolve(LeftoverProcess.AZURITE_PID));
    }
}
