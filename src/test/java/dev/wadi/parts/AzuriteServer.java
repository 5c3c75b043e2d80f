package dev.wadi.parts;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Azurite, Microsoft's stand-in for Azure Blob Storage, run as a process of the test on a free port of 127.0.0.1 with its files
 * in a temporary folder. {@link #close} ends it by its id and removes the folder.
 *
 * <p>{@code make azurite} installs it where it is missing.
 */
public final class AzuriteServer implements AutoCloseable {
    public static final String CONTAINER = "wadi";

    private static final Path MAIN =
            Path.of("target/azurite/node_modules/azurite/dist/src/blob/main.js").toAbsolutePath();
    private static final Duration START = Duration.ofSeconds(60);
    /** Of the account that every Azurite has. */
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private AzuriteServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts it, with an empty container, and returns when it answers. */
    public static AzuriteServer start() {
        if (!Files.exists(MAIN)) {
            throw new IllegalStateException("Azurite is not installed (no %s): run make azurite".formatted(MAIN));
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AzuriteServer server = new AzuriteServer(Files.createTempDirectory("wadi-azurite"), free.getLocalPort());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            free.close();
            server.launch();
            server.container().createIfNotExists();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again on the same port with the same blobs, after {@link #stop}. */
    public void launch() {
        try {
            Process started = new ProcessBuilder(
                            "node",
                            MAIN.toString(),
                            "--blobHost",
                            "127.0.0.1",
                            "--blobPort",
                            Integer.toString(port),
                            "--location",
                            folder.toString(),
                            "--skipApiVersionCheck",
                            "--disableTelemetry")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("azurite.out").toFile())
                    .start();
            process = started;
            await(started);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(Process started) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline && started.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
                return;
            } catch (IOException notYet) {
                pause();
            }
        }
        throw new IllegalStateException("Azurite did not start: " + Files.readString(folder.resolve("azurite.out")));
    }

    /** Ends it; its blobs stay. Killed, it would forget those of the last seconds, which Azure does not. */
    public void stop() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroy();
            try {
                if (!running.waitFor(20, TimeUnit.SECONDS)) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public String connection() {
        return "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=%s;BlobEndpoint=http://127.0.0.1:%d/devstoreaccount1;"
                .formatted(KEY, port);
    }

    /** Host and port. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    public BlobContainerClient container() {
        return new BlobServiceClientBuilder()
                .connectionString(connection())
                .buildClient()
                .getBlobContainerClient(CONTAINER);
    }

    /** Writes a blob, over one of its name when there is one. */
    public void put(String name, byte[] content) {
        container().getBlobClient(name).upload(BinaryData.fromBytes(content), true);
    }

    public byte[] get(String name) {
        return container().getBlobClient(name).downloadContent().toBytes();
    }

    /** The names of all blobs. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (BlobItem item : container().listBlobs()) {
            names.add(item.getName());
        }
        return names;
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // The folder is gone: closed before.
        }
    }
}
