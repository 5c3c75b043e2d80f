package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which versions are asked for: {@code as_of} or {@code versions}. */
final class MomentReader {
    static final String AS_OF = "as_of";
    static final String VERSIONS = "versions";

    private static final Pattern VERSION = Pattern.compile("[0-9]{1,18}");
    private static final Pattern PINNED = Pattern.compile("([a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*)@([0-9]{1,18})");

    private final Kpi kpi;
    private final Asked asked;

    MomentReader(Kpi kpi, Asked asked) {
        this.kpi = kpi;
        this.asked = asked;
    }

    Moment read() {
        Optional<String> asOf = asked.single(AS_OF);
        List<String> versions = asked.words(VERSIONS);
        if (versions.isEmpty()) {
            return asOf.map(this::asOf).orElse(Moment.NOW);
        }
        if (asOf.isPresent()) {
            throw new QuestionException(
                    VERSIONS, "as_of and versions both say what is read. Write one of them.", List.of(AS_OF, VERSIONS));
        }
        return exactly(versions);
    }

    private Moment asOf(String text) {
        if (VERSION.matcher(text).matches()) {
            return new Moment.AtVersion(kpi.table(), Long.parseLong(text));
        }
        try {
            return new Moment.At(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new QuestionException(
                    AS_OF,
                    "as_of=%s is no time and no version. Write a time with its offset, such as 2026-01-31T12:00:00Z, or a version of %s, such as 12."
                            .formatted(text, kpi.table()),
                    List.of("YYYY-MM-DDThh:mm:ssZ", "a version of " + kpi.table()));
        }
    }

    private static Moment exactly(List<String> words) {
        Map<TableName, Long> versions = new TreeMap<>();
        for (String word : words) {
            Matcher pinned = PINNED.matcher(word);
            if (!pinned.matches()) {
                throw new QuestionException(
                        VERSIONS,
                        "versions=%s is no table with a version. Write them as an answer has them in its Wadi-Versions header, such as gold.fact_orders@40."
                                .formatted(word),
                        List.of("layer.table@version"));
            }
            versions.put(TableName.parse(pinned.group(1)), Long.parseLong(pinned.group(2)));
        }
        return new Moment.Exactly(versions);
    }

    /** @throws QuestionException when exact versions are asked, and a table that is read has none among them */
    static void complete(Moment moment, Set<TableName> tables) {
        if (moment instanceof Moment.Exactly exactly) {
            List<String> missing = new ArrayList<>();
            for (TableName table : tables) {
                if (!exactly.versions().containsKey(table)) {
                    missing.add(table.toString());
                }
            }
            if (!missing.isEmpty()) {
                throw new QuestionException(
                        VERSIONS,
                        "versions=%s has no version of %s, which the answer needs. Add it, such as %s@1."
                                .formatted(
                                        Moment.text(exactly.versions()),
                                        String.join(", ", missing),
                                        missing.getFirst()),
                        missing);
            }
        }
    }
}
