package dev.lethe.ledger.console.view;

import dev.lethe.ledger.request.RequestRow;

/**
 * How many of a request's stores have it done.
 *
 * @param failed whether one of the others did not manage
 */
public record Steps(int done, int all, boolean failed) {
    private static final int MOST_DRAWN = 8;

    static Steps of(RequestRow row) {
        return new Steps(row.storesDone(), row.stores(), row.failed());
    }

    /** Whether there are few enough to be told apart. */
    public boolean isDrawn() {
        return all > 0 && all <= MOST_DRAWN;
    }

    public int width() {
        return 12 * all;
    }

    public String tone(int step) {
        if (step < done) {
            return "good";
        }
        return step == done && failed ? "bad" : "open";
    }
}
