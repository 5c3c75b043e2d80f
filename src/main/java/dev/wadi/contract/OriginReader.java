package dev.wadi.contract;

import dev.wadi.yaml.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads where the rows of a table come from ({@code madeFrom}), and how long that is of interest ({@code retention}). */
final class OriginReader {
    static final String PROPERTY = "madeFrom";

    private static final Set<String> KEYS = Set.of("table", "rows");
    private static final String RETENTION = "retention";
    private static final Map<String, Duration> UNITS = Map.of(
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7),
            "y", Duration.ofDays(365));

    private OriginReader() {}

    static List<Origin> origins(@Nullable Section property) {
        List<Origin> origins = new ArrayList<>();
        if (property == null) {
            return origins;
        }
        Set<TableName> tables = new HashSet<>();
        for (Section item : property.sections("value", property.what() + ", an origin")) {
            item.allow(KEYS);
            TableName table = table(item);
            String rows = item.requiredText(
                    "rows",
                    "Write which rows s of that table a row t of this one is made from, such as 'rows: s.id = t.id'.");
            if (table != null && rows != null) {
                origins.add(new Origin(table, rows));
                if (!tables.add(table)) {
                    item.mistake(
                            "table", "%s is there twice. Put the two conditions together with OR.".formatted(table));
                }
            }
        }
        if (origins.isEmpty()) {
            property.mistake("value", "names no table. Write a list of 'table' and 'rows', or remove madeFrom.");
        }
        return origins;
    }

    private static @Nullable TableName table(Section item) {
        String text = item.requiredText("table", "Write layer and name, such as 'table: silver.bookings'.");
        try {
            return text == null ? null : TableName.parse(text);
        } catch (IllegalArgumentException e) {
            item.mistake("table", "%s.".formatted(e.getMessage()));
            return null;
        }
    }

    /** The {@code slaProperties} item {@code retention}, of the standard; null when there is none. */
    static @Nullable Duration retention(Section root) {
        Duration retention = null;
        for (Section item : root.sections("slaProperties", "the contract, SLA property")) {
            if (RETENTION.equals(item.text("property"))) {
                Double value = item.number("value");
                Duration unit = UNITS.get(String.valueOf(item.text("unit")));
                if (value == null || value <= 0 || value > 100_000 || unit == null) {
                    item.mistake(
                            "value",
                            "a retention is a number and a unit. Write 'value: 90' and 'unit: d'; units are h, d, w and y.");
                } else {
                    retention = Duration.ofMillis((long) (value * unit.toMillis()));
                }
            }
        }
        return retention;
    }
}
