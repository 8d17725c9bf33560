package dev.lethe.ledger.journal;

import dev.lethe.events.TopicDefinition;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.DeadLetters;
import dev.lethe.worker.deadletter.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What is noted of a dead letter: codes and coordinates. The sealed request stays where it is. */
final class DeadLetterNotes implements Notes {
    private static final Pattern OF_REQUEST =
            Pattern.compile("(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})/[a-z0-9-]{1,100}");
    /** Of a record that can't be read, whose coordinates stand for the request. */
    private static final Pattern OF_RECORD =
            Pattern.compile("erasure\\.[a-z0-9.-]{1,200}-[0-9]+-[0-9]+/[a-z0-9-]{1,100}");

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    @Override
    public Optional<JournalEntry> of(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            return Optional.empty();
        }
        Instant at = Instant.ofEpochMilli(record.timestamp());
        String key = key(record.key());
        UUID requestId = requestOf(key);
        if (record.value() == null) {
            return Optional.of(new JournalEntry.DeadLetterClosed(key, at, requestId, reason(record), null));
        }
        DeadLetter letter = DeadLetter.of(record);
        return Optional.of(new JournalEntry.DeadLettered(
                key,
                at,
                requestId,
                word(letter.store()),
                word(letter.code()),
                letter.attempts(),
                letter.firstFailedAt()));
    }

    /** Only a key of Lethe's own is kept as it is: what others write there could name somebody. */
    static String key(String key) {
        return OF_REQUEST.matcher(key).matches() || OF_RECORD.matcher(key).matches() ? key : "other-" + hash(key);
    }

    /** Only what the command line would have taken: it is kept for good. */
    private static @Nullable String reason(ConsumerRecord<String, byte[]> tombstone) {
        String text = DeadLetters.discardReason(tombstone);
        try {
            return text == null ? null : new Reason(text).text();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable UUID requestOf(String key) {
        Matcher parts = OF_REQUEST.matcher(key);
        return parts.matches() ? UUID.fromString(parts.group(1)) : null;
    }

    private static String word(String text) {
        return WORD.matcher(text).matches() ? text : "UNKNOWN";
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((TopicDefinition.DEAD_LETTERS + "\n" + text).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
