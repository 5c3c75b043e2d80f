package dev.wadi.kpi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.wadi.contract.TableName;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Answers as bytes, kept for as long as there is room: the same question of the same versions has the same answer, whenever it is
 * asked. Asked by several at once it is answered once.
 */
@Singleton
public final class KeptAnswers {
    private static final long ROOM = 32L << 20;
    /** Bytes that an answer takes beside its own. */
    private static final int OVERHEAD = 512;

    private final Answers answers;
    private final AnswerWriters writers;
    private final Cache<Key, Written> kept = Caffeine.newBuilder()
            .maximumWeight(ROOM)
            .weigher((Key key, Written written) -> OVERHEAD + written.body().length)
            .build();

    private record Key(String tag, AnswerFormat format) {}

    /**
     * An answer in a format.
     *
     * @param tag of question, definition and versions
     * @param versions as one word
     * @param total rows of the whole answer
     * @param content a digest of what it says: that of an answer from other versions is the same when nothing in it changed
     */
    public record Written(String tag, byte[] body, String versions, long total, String content) {}

    KeptAnswers(Answers answers, AnswerWriters writers) {
        this.answers = answers;
        this.writers = writers;
    }

    /** The answer from the versions that are there now, or that the question is about. */
    public Written answer(Question question, AnswerFormat format) {
        Map<TableName, Long> versions = answers.versions(question);
        Key key = new Key(answers.tag(question, versions), format);
        return kept.get(key, missing -> write(question.at(new Moment.Exactly(versions)), format));
    }

    /** How the answer comes about. */
    public Explanation explain(Question question) {
        Map<TableName, Long> versions = answers.versions(question);
        boolean there = kept.getIfPresent(new Key(answers.tag(question, versions), AnswerFormat.JSON)) != null;
        return answers.explain(
                question.at(new Moment.Exactly(versions)), there, answer -> writers.write(answer, AnswerFormat.JSON));
    }

    private Written write(Question question, AnswerFormat format) {
        Answers.Tagged tagged = answers.answer(question);
        return new Written(
                tagged.tag(),
                writers.write(tagged.answer(), format),
                tagged.answer().versionsText(),
                tagged.answer().total(),
                content(tagged.answer()));
    }

    private static String content(Answer answer) {
        try {
            String said = "%d %s %s".formatted(answer.total(), answer.rows(), answer.totals());
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(said.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
