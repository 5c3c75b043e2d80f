package dev.wadi.kpi;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Profile;
import dev.wadi.engine.Rows;
import dev.wadi.engine.StoppedException;
import dev.wadi.table.TableException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers questions from gold. */
@Singleton
public final class Answers {
    /** How long a query may take: beyond it, others wait for a thread of DuckDB. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Reading reading;
    private final Duration longest;
    private final long worthSumming;
    /** By the very questions, which {@link KeptQuestions} keeps. */
    private final LoadingCache<Question, String> identities = Caffeine.newBuilder()
            .weakKeys()
            .build(question -> Query.of(question).identity(question));

    @Inject
    Answers(Reading reading) {
        this(reading, LONGEST, EarlySums.WORTH);
    }

    /**
     * @param longest in whole seconds
     * @param worthSumming see {@link EarlySums#pay}
     */
    Answers(Reading reading, Duration longest, long worthSumming) {
        this.reading = reading;
        this.longest = longest;
        this.worthSumming = worthSumming;
    }

    /** An answer and the tag that it keeps for as long as question, definition and table versions are the same. */
    public record Tagged(Answer answer, String tag) {}

    /** The tag that an answer would have now. Runs no query. */
    public String tag(Question question) {
        return tag(question, versions(question));
    }

    /** The versions that the question is about, as they are now. */
    Map<TableName, Long> versions(Question question) {
        return new TreeMap<>(reading.versions(question.tables(), question.moment()));
    }

    String tag(Question question, Map<TableName, Long> versions) {
        return Query.tag(identities.get(question), versions);
    }

    /** The tag is that of the versions that were read, even when a commit came after {@link #tag} was asked. */
    public Tagged answer(Question question) {
        return answer(List.of(question)).getFirst();
    }

    /**
     * Answers all of them at one version of each table.
     *
     * @param questions of one moment: all with the same one
     */
    public List<Tagged> answer(List<Question> questions) {
        Set<TableName> tables = new TreeSet<>();
        questions.forEach(question -> tables.addAll(question.tables()));
        Moment moment = questions.getFirst().moment();
        List<Tagged> answers = new ArrayList<>();
        try (Pin pin = reading.pin(tables, moment)) {
            for (Question question : questions) {
                Map<TableName, Long> versions = new TreeMap<>(pin.versions());
                versions.keySet().retainAll(question.tables());
                answers.add(new Tagged(answer(question, versions, pin), tag(question, versions)));
            }
        }
        return answers;
    }

    /** The way is a function of the question and the versions, so that the same answer is computed in the same order. */
    private Query page(Question question, Pin pin) {
        return EarlySums.pay(question, pin.snapshots(), worthSumming) ? Query.summed(question) : Query.of(question);
    }

    private Answer answer(Question question, Map<TableName, Long> versions, Pin pin) {
        try {
            return new Run(question, pin, longest).answer(page(question, pin), versions);
        } catch (SQLException e) {
            throw unanswered(question, pin, e);
        }
    }

    private static RuntimeException unanswered(Question question, Pin pin, SQLException failure) {
        Optional<StoppedException> stopped = StoppedException.of(failure);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        Optional<TableException> known = pin.explain(failure);
        return known.isPresent()
                ? known.get()
                : new IllegalStateException(
                        "The KPI %s over %s was not answered by DuckDB; its definition or a table does not fit"
                                .formatted(question.kpi().name(), question.tables()),
                        failure);
    }

    /**
     * Answers, and tells how.
     *
     * @param kept whether the answer is kept, told along
     * @param writing turns the answer into what a client gets
     */
    Explanation explain(Question question, boolean kept, Consumer<Answer> writing) {
        long start = System.nanoTime();
        try (Pin pin = reading.pin(question.tables(), question.moment())) {
            long opened = System.nanoTime();
            try {
                Profile.start(pin.connection());
                Run run = new Run(question, pin, longest);
                List<Explanation.Statement> statements = new ArrayList<>();
                Answer answer = run.answer(
                        page(question, pin),
                        new TreeMap<>(pin.versions()),
                        (query, profile) ->
                                statements.add(new Explanation.Statement(query.sql(), query.binds(), profile)));
                long answered = System.nanoTime();
                writing.accept(answer);
                return new Explanation(
                        answer,
                        kept,
                        statements,
                        tables(pin, statements),
                        new Explanation.Time(
                                (opened - start) / 1e6,
                                (answered - opened) / 1e6,
                                (System.nanoTime() - answered) / 1e6));
            } catch (SQLException e) {
                throw unanswered(question, pin, e);
            }
        }
    }

    private static List<Explanation.Table> tables(Pin pin, List<Explanation.Statement> statements) {
        List<Explanation.Table> tables = new ArrayList<>();
        pin.versions()
                .forEach((name, version) -> tables.add(new Explanation.Table(
                        name,
                        version,
                        pin.snapshots().get(name),
                        statements.stream()
                                .flatMap(statement -> statement.profile().scans().stream())
                                .filter(scan -> scan.table().equals(name))
                                .toList())));
        return tables;
    }

    /**
     * The rows that a cell is made of.
     *
     * @param key the columns that tell the rows of the KPI's table apart, which the pages are in the order of
     */
    public Facts facts(Cell cell, List<String> key) {
        Question question = cell.question();
        try (Pin pin = reading.pin(question.tables(), question.moment())) {
            try {
                Run run = new Run(question, pin, longest);
                Query page = Query.facts(cell, key);
                List<Map<String, @Nullable Object>> rows = new ArrayList<>();
                long total = 0;
                try (PreparedStatement statement = run.prepare(page);
                        ResultSet result = statement.executeQuery()) {
                    for (Map<String, @Nullable Object> row : Rows.read(result)) {
                        total = ((Number) Objects.requireNonNull(row.remove(Query.TOTAL))).longValue();
                        if (row.remove(Query.THERE) != null) {
                            rows.add(row);
                        }
                    }
                }
                return new Facts(
                        cell,
                        new TreeMap<>(pin.versions()),
                        rows,
                        total,
                        run.value(Query.measured(cell)),
                        page.sql(),
                        page.binds());
            } catch (SQLException e) {
                throw unanswered(question, pin, e);
            }
        }
    }

    /** The queries of one question in one session. */
    private record Run(Question question, Pin pin, Duration longest) {
        Answer answer(Query query, Map<TableName, Long> versions) throws SQLException {
            return answer(query, versions, null);
        }

        /** @param watching told of each query that was run, with its profile; null for nobody */
        Answer answer(Query query, Map<TableName, Long> versions, @Nullable BiConsumer<Query, Profile> watching)
                throws SQLException {
            List<String> labels = new ArrayList<>();
            List<String> names = new ArrayList<>();
            if (question.grain() != null) {
                labels.add(Query.TIME);
                names.add(Order.TIME);
            }
            for (int n = 0; n < question.by().size(); n++) {
                labels.add(Query.by(n));
                names.add(question.by().get(n).name());
            }
            question.figures().forEach(figure -> {
                labels.add(figure.column());
                names.add(figure.word());
            });
            List<List<@Nullable Object>> rows = new ArrayList<>();
            long total = 0;
            try (PreparedStatement statement = prepare(query);
                    ResultSet result = statement.executeQuery()) {
                AnswerRows taken =
                        new AnswerRows(result, labels, names, question.span().zone());
                while (result.next()) {
                    total = result.getLong(Query.TOTAL);
                    if (result.getObject(Query.THERE) != null) {
                        rows.add(taken.row());
                    }
                }
                if (watching != null) {
                    watching.accept(query, Profile.of(pin));
                }
                Totals totals = question.totals() ? totals(watching) : new Totals(List.of(), null);
                return new Answer(question, versions, taken.columns(), rows, totals.columns(), totals.rows(), total);
            }
        }

        /** The one value of a query. */
        @Nullable
        Object value(Query query) throws SQLException {
            try (PreparedStatement statement = prepare(query);
                    ResultSet result = statement.executeQuery()) {
                String label = Figure.VALUE.column();
                AnswerRows taken = new AnswerRows(
                        result, List.of(label), List.of(label), question.span().zone());
                result.next();
                return taken.row().getFirst();
            }
        }

        private record Totals(
                List<Answer.Column> columns, @Nullable List<List<@Nullable Object>> rows) {}

        private Totals totals(@Nullable BiConsumer<Query, Profile> watching) throws SQLException {
            List<String> labels = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (int n = 0; n < question.by().size(); n++) {
                String name = question.by().get(n).name();
                if (question.kpi().alwaysBy().contains(name)) {
                    labels.add(Query.by(n));
                    names.add(name);
                }
            }
            for (Figure figure : question.figures()) {
                if (figure == Figure.VALUE || figure == Figure.PREVIOUS) {
                    labels.add(figure.column());
                    names.add(figure.word());
                }
            }
            List<List<@Nullable Object>> rows = new ArrayList<>();
            Query query = Query.totals(question);
            try (PreparedStatement statement = prepare(query);
                    ResultSet result = statement.executeQuery()) {
                AnswerRows taken =
                        new AnswerRows(result, labels, names, question.span().zone());
                while (result.next()) {
                    rows.add(taken.row());
                }
                if (watching != null) {
                    watching.accept(query, Profile.of(pin));
                }
                return new Totals(taken.columns(), rows);
            }
        }

        private PreparedStatement prepare(Query query) throws SQLException {
            PreparedStatement statement = pin.connection().prepareStatement(query.sql());
            try {
                statement.setQueryTimeout((int) longest.toSeconds());
                for (int n = 0; n < query.binds().size(); n++) {
                    statement.setObject(n + 1, query.binds().get(n));
                }
                return statement;
            } catch (SQLException e) {
                statement.close();
                throw e;
            }
        }
    }
}
