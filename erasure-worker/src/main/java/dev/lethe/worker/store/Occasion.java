package dev.lethe.worker.store;

import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What made Lethe ask for an erasure, for stores that pass it on to others. Names nobody.
 *
 * @param id the same each time that the same request is worked off in the same run, after an outage, a crash or through the
 *     retry topic; another one in each sweep and replay, which have to be done anew. Printable ASCII, without spaces
 * @param requestedAt when Lethe accepted the request
 * @param traceparent the trace of whoever asked, in the form of W3C Trace Context; null if there is none
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, traceparent</a>
 */
public record Occasion(
        String id, Instant requestedAt, @Nullable String traceparent) {
    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** A trace of any other form is left out: it would go into a header. */
    public Occasion {
        if (traceparent != null && !TRACEPARENT.matcher(traceparent).matches()) {
            traceparent = null;
        }
    }

    /** An erasure outside any request. No other has its id. */
    public static Occasion ofItsOwn(Instant now) {
        return new Occasion(UUID.randomUUID().toString(), now, null);
    }
}
