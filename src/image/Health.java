import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * The health check of the image: asks the Wadi beside it for {@code GET /health}, prints the answer, and ends with 0 when it is 200, with 1
 * when it is anything else or none.
 *
 * <p>A program of its own because the base image has none that speaks HTTP. It is small for a JVM, because it runs every few seconds.
 */
public final class Health {
    /** Shorter than the time that the image gives the whole check. */
    private static final int MILLISECONDS = 4000;

    private Health() {}

    public static void main(String[] arguments) {
        String port = System.getenv().getOrDefault("WADI_HTTP_PORT", "8080");
        URI health = URI.create("http://127.0.0.1:" + port + "/health");
        try {
            System.exit(ask(health) == HttpURLConnection.HTTP_OK ? 0 : 1);
        } catch (IOException e) {
            System.out.println(health + ": " + e.getMessage());
            System.exit(1);
        }
    }

    private static int ask(URI health) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
        connection.setConnectTimeout(MILLISECONDS);
        connection.setReadTimeout(MILLISECONDS);
        int status = connection.getResponseCode();
        try (InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (answer != null) {
                answer.transferTo(System.out);
                System.out.println();
            }
        }
        return status;
    }
}
