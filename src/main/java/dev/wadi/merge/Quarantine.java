package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import org.duckdb.DuckDBAppender;

/**
 * Where refused rows are kept: for each table a table of layer {@code quarantine}, such as
 * {@code quarantine.bronze_clickstream}. The id is a hash of what was refused and the door it came through, not of its
 * position: a broker may give a redelivered message another one, and it must add nothing.
 */
final class Quarantine {
    private Quarantine() {}

    static TableName nameFor(TableName target) {
        return new TableName("quarantine", target.layer() + "_" + target.name());
    }

    static Contract contractFor(TableName target) {
        return new Contract(
                nameFor(target),
                "What " + target + " refused, with the reason",
                List.of(
                        column("id", ColumnType.Simple.STRING, false, "hash of target, reason, source and payload"),
                        column("target", ColumnType.Simple.STRING, false, "the table that refused it"),
                        column("reason", ColumnType.Simple.STRING, false, "code of the reason"),
                        column("message", ColumnType.Simple.STRING, true, "what is wrong, in words"),
                        column("payload", ColumnType.Simple.STRING, true, "the event or row as it came"),
                        column("source", ColumnType.Simple.STRING, true, "the door it came through"),
                        column("position", ColumnType.Simple.STRING, true, "where in the source"),
                        column("quarantined_at", ColumnType.Simple.TIMESTAMP, true, "when it was refused")),
                List.of("id"),
                Merging.keepFirst(),
                List.of(),
                List.of(),
                null,
                true,
                Path.of("built-in"));
    }

    /** Everything but the reason is provenance: the same refusal again is a duplicate, never a tie. */
    private static Column column(String name, ColumnType type, boolean provenance, String description) {
        return new Column(name, type, !provenance, provenance, description, null);
    }

    /** Stages refused rows for a merge into their quarantine table. */
    static Batch stage(TableName target, List<Refused> refused, Workspace workspace) throws SQLException {
        Batch batch = Batch.create(contractFor(target), workspace);
        try (DuckDBAppender rows = workspace.appender("batch")) {
            long order = 0;
            for (Refused each : refused) {
                rows.beginRow();
                rows.append(order++);
                rows.append(id(target, each));
                rows.append(target.toString());
                rows.append(each.reason().code());
                rows.append(each.message());
                rows.append(each.payload());
                rows.append(each.source());
                rows.append(each.position());
                rows.appendEpochMicros(ChronoUnit.MICROS.between(java.time.Instant.EPOCH, each.at()));
                rows.endRow();
            }
        }
        return batch;
    }

    private static String id(TableName target, Refused refused) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (String part :
                    List.of(target.toString(), refused.reason().code(), refused.source(), refused.payload())) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                hash.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
                hash.update((byte) ':');
                hash.update(bytes);
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
