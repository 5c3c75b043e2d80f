package dev.wadi.local;

import java.util.Locale;

/**
 * One thing a person may set. The default of each is in {@code application.yml} and nowhere else; one without a
 * default may stay unset.
 */
public enum Setting {
    HTTP_HOST("wadi.http.host", "address the HTTP server listens on"),
    HTTP_PORT("wadi.http.port", "port of the HTTP server"),
    AMQP_PORT("wadi.amqp.port", "port of the embedded AMQP broker"),
    POSTGRES_PORT("wadi.postgres.port", "port of the embedded PostgreSQL"),
    KAFKA_EMBEDDED("wadi.kafka.embedded", "whether the embedded Kafka broker starts, true or false"),
    KAFKA_PORT("wadi.kafka.port", "port of the embedded Kafka broker"),
    BLOB_EMBEDDED("wadi.blob.embedded", "whether the embedded blob store starts where Node is, true or false"),
    BLOB_PORT("wadi.blob.port", "port of the embedded blob store"),
    BLOB_CONTAINER("wadi.blob.container", "container in which blobs are dropped"),
    DATA_DIR("wadi.data-dir", "folder of all that is kept"),
    ROUTES_DIR("wadi.routes-dir", "folder of the Camel routes"),
    SCHEMAS_DIR("wadi.schemas-dir", "folder of the contracts and KPIs"),
    LAKE("wadi.lake", "folder of the Delta tables"),
    DUCKDB_MEMORY("wadi.duckdb-memory", "memory DuckDB may use beside the Java heap"),
    DUCKDB_THREADS("wadi.duckdb-threads", "threads DuckDB may use"),
    SINGLE_ROUTES(
            "wadi.single-routes", "whether routes run here that only one process of a lake should run, true or false"),
    STOP_DELAY("wadi.stop-delay", "how long to answer on as not ready before a stop closes the doors"),
    RABBITMQ_URI("rabbitmq.uri", "a broker that runs already; the embedded one then does not start"),
    JDBC_URL("jdbc.url", "a PostgreSQL that runs already; the embedded one then does not start"),
    KAFKA_BOOTSTRAP_SERVERS(
            "kafka.bootstrap.servers", "Kafka brokers that run already; the embedded one then does not start"),
    SCHEMA_REGISTRY_URL("schema.registry.url", "a schema registry, for topics in Avro"),
    AZURE_STORAGE_CONNECTION_STRING(
            "azure.storage.connection-string",
            "an account of Azure Blob Storage; the embedded blob store then does not start"),
    SQL_TOKEN("wadi.sql.token", "secret that requests with SQL show; without it no SQL is run"),
    SQL_LAYERS("wadi.sql.layers", "layers whose tables SQL may read"),
    SQL_TIMEOUT("wadi.sql.timeout", "time that one statement may take"),
    SQL_ROWS("wadi.sql.rows", "rows that a statement is answered at most"),
    SQL_MEMORY("wadi.sql.memory", "memory that one statement may take"),
    SQL_SPILL("wadi.sql.spill", "room on disk that one statement may take"),
    SQL_LENGTH("wadi.sql.length", "characters of a statement at most"),
    SQL_CONCURRENT("wadi.sql.concurrent", "statements that run at the same time");

    private final String key;
    private final String meaning;

    Setting(String key, String meaning) {
        this.key = key;
        this.meaning = meaning;
    }

    /** The property, as in {@code application.yml} or {@code -Dwadi.http.port=8081}. */
    public String key() {
        return key;
    }

    /** The environment variable, as in {@code WADI_HTTP_PORT}. */
    public String variable() {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    public String meaning() {
        return meaning;
    }
}
