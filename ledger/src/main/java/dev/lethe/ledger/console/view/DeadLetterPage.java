package dev.lethe.ledger.console.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open dead letters.
 *
 * @param all how many there are, of the store if one is chosen
 * @param store whose they are; null for any
 */
public record DeadLetterPage(
        List<DeadLetterLine> lines, int all, @Nullable String store) {
    public String heading() {
        return Words.counted(all, "open dead letter", "open dead letters") + (store == null ? "" : " of " + store);
    }

    /** That not all are shown; null if they are. */
    public @Nullable String more() {
        return all > lines.size()
                ? "The " + lines.size() + " that have been failing longest. 'lethe dead-letters' takes many at once."
                : null;
    }
}
