package dev.wadi.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A Java process of its own, so that a test can kill it. */
final class Child {
    private Child() {}

    static Process start(String mainClass, Settings settings) throws IOException {
        return start(mainClass, settings, Map.of());
    }

    /** @param more environment variables on top of ports and folders */
    static Process start(String mainClass, Settings settings, Map<String, String> more) throws IOException {
        String classPath = Objects.requireNonNullElse(
                System.getProperty("surefire.test.class.path"), System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                mainClass));
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("WADI_"));
        variables.remove("RABBITMQ_URI");
        variables.remove("JDBC_URL");
        variables.remove("AZURE_STORAGE_CONNECTION_STRING");
        variables.put("WADI_HTTP_PORT", Integer.toString(settings.httpPort()));
        variables.put("WADI_AMQP_PORT", Integer.toString(settings.amqpPort()));
        variables.put("WADI_POSTGRES_PORT", Integer.toString(settings.postgresPort()));
        variables.put("WADI_BLOB_EMBEDDED", Boolean.toString(settings.blobs().embedded()));
        variables.put("WADI_BLOB_PORT", Integer.toString(settings.blobs().port()));
        variables.put("WADI_DATA_DIR", settings.dataDir().toString());
        variables.putAll(more);
        return builder.start();
    }

    /** Waits for the end and returns the exit code. */
    static int end(Process process) throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("The process did not end within 60 s");
        }
        return process.exitValue();
    }
}
