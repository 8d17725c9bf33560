package dev.lethe.ingress;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caller's trace, taken over only in the exact form of W3C Trace Context: whatever else a caller writes into the header
 * would stand in the log for good.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, traceparent</a>
 */
final class TraceParent {
    private static final Pattern FORM = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    static @Nullable String of(@Nullable String header) {
        return header != null && FORM.matcher(header).matches() ? header : null;
    }
}
