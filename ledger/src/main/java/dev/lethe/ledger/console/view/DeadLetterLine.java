package dev.lethe.ledger.console.view;

import dev.lethe.ledger.request.DeadLetterRow;
import dev.lethe.worker.deadletter.Explanation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter.
 *
 * @param number tells the forms of a page apart
 * @param requestPath the request; null if the record can't be read
 * @param isRedriven whether it has been sent back, and its store has yet to take it
 */
public record DeadLetterLine(
        int number,
        String key,
        String store,
        String code,
        String meaning,
        String remedy,
        String attempts,
        Moment since,
        @Nullable String requestPath,
        String shortRequest,
        boolean isRedriven) {

    public static DeadLetterLine of(int number, DeadLetterRow letter, boolean redriven, Instant now) {
        UUID request = letter.requestId();
        Explanation explanation = Explanation.of(letter.code());
        return new DeadLetterLine(
                number,
                letter.key(),
                letter.store(),
                letter.code(),
                explanation.meaning(),
                explanation.remedy(),
                Words.counted(letter.attempts(), "attempt", "attempts"),
                Moment.of(letter.firstFailedAt(), now),
                request == null ? null : RequestLine.path(request.toString()),
                request == null ? "" : Words.shortId(request),
                redriven);
    }

    public Pill state() {
        return new Pill("busy", "Sent back");
    }

    /** What tells its buttons from others', for those who hear them. */
    public String label() {
        return store + " " + shortRequest;
    }

    public String redrivePath() {
        return "/console/dead-letters/redrive?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
    }

    public String discardPath() {
        return "/console/dead-letters/discard?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
    }
}
