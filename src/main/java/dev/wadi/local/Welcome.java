package dev.wadi.local;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What a person reads when Wadi is ready: where everything is, and a first thing to try. */
record Welcome(Settings settings, LocalEnvironment environment, int httpPort) {

    /** Of the HTTP server, as seen from this machine. */
    String address() {
        String host = settings.httpHost();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        return "http://%s:%d"
                .formatted(everywhere ? Ports.LOOPBACK : host.contains(":") ? "[" + host + "]" : host, httpPort);
    }

    String text(double seconds) {
        return String.format(
                Locale.ROOT,
                """

                Wadi is ready, after %.1f s.

                  API         %2$s/api/kpis
                  API docs    %2$s/docs
                  health      %2$s/health
                  AMQP        %3$s
                  PostgreSQL  %4$s%7$s%8$s
                  data        %5$s

                Try it in a second terminal: an event in, a KPI out.

                  curl -s -H 'Content-Type: application/json' %2$s/api/events/clickstream \\
                    -d '{"event_id":"e1","user_id":"u1","session_id":"s1","action":"view_product","product_id":"p1","event_time":"%6$s"}'
                  sleep 2; curl -s '%2$s/api/kpis/events'

                Or a file of bookings, dropped %9$s:

                  %10$s

                Ctrl-C stops it; the data stays.
                """,
                seconds,
                address(),
                settings.embedsBroker() ? environment.rabbitMqUri() : withoutSecrets(environment.rabbitMqUri()),
                settings.embedsPostgres() ? environment.jdbcUrl() : withoutSecrets(environment.jdbcUrl()),
                settings.dataDir(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                environment.kafkaServers().map("\n  Kafka       %s"::formatted).orElse(""),
                environment.blobConnection().isPresent() ? "\n  blobs       " + blobs() : "",
                environment.blobConnection().isPresent() ? "into the blob container" : "into a folder",
                drop());
    }

    private String blobs() {
        String container = settings.blobs().container();
        return settings.embedsBlobs()
                ? "%s/%s".formatted(BlobStore.address(settings.blobs().port()), container)
                : "%s of the account that %s names"
                        .formatted(container, Setting.AZURE_STORAGE_CONNECTION_STRING.variable());
    }

    /** A second terminal does not know the settings of this run. */
    private String drop() {
        String command = "./wadi generate bookings --count 1000 --to ";
        if (environment.blobConnection().isEmpty()) {
            return "%sfolder-csv --at %s".formatted(command, settings.dataDir().resolve("drops"));
        }
        return settings.embedsBlobs() ? "%sblob-csv --at %s".formatted(command, blobs()) : command + "blob-csv";
    }

    /** An address that someone else gave may hold a password, before the host or among the parameters. */
    static String withoutSecrets(String address) {
        return address.replaceFirst("//[^/?]*@", "//").replaceFirst("\\?.*", "");
    }
}
