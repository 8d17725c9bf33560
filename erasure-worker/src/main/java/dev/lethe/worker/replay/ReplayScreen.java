package dev.lethe.worker.replay;

import dev.lethe.cli.Terminal;
import dev.lethe.worker.replay.ReplayReport.StoreReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a replay prints: on a terminal one line that keeps changing, otherwise a line per store now and then; then a table. */
public final class ReplayScreen {
    private static final Duration LINES_EVERY = Duration.ofSeconds(10);
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal = Terminal.isInteractive();
    private final long begun = System.nanoTime();
    private long lastLines = begun;

    /**
     * @param out takes the result
     * @param err takes what is of passing interest
     */
    public ReplayScreen(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** A line of the result. */
    public void say(String line) {
        out.println(line);
        out.flush();
    }

    /** A line of passing interest. */
    public void note(String line) {
        err.println(line);
        err.flush();
    }

    /** Called a few times a second. */
    public void show(List<StoreProgress> stores) {
        long now = System.nanoTime();
        if (terminal) {
            err.print(CLEAR + stores.stream().map(this::line).collect(Collectors.joining("  |  ")));
            err.flush();
        } else if (now - lastLines >= LINES_EVERY.toNanos()) {
            lastLines = now;
            stores.forEach(store -> note(line(store)));
        }
    }

    /** Ends the changing line. */
    public void shown(List<StoreProgress> stores) {
        if (terminal) {
            err.print(CLEAR);
        }
        stores.forEach(store -> note(line(store)));
    }

    public void summary(ReplayReport report) {
        out.printf(
                Locale.ROOT,
                "%s, requests since %s until %s%n",
                report.dryRun() ? "Dry run: nothing was changed" : "Run " + report.run(),
                report.since(),
                report.until() == null ? "the end of the log" : report.until());
        int width = report.stores().stream()
                .mapToInt(store -> store.store().length())
                .max()
                .orElse(0);
        String form = "  %-" + Math.max(width, 5) + "s %10s %12s %10s %8s %10s%n";
        out.printf(
                form, "store", "requests", report.dryRun() ? "would erase" : "erased", "not found", "failed", "items");
        for (StoreReport store : report.stores()) {
            out.printf(
                    form,
                    store.store(),
                    store.requests(),
                    store.erased(),
                    store.notFound(),
                    store.failures(),
                    store.totalItems());
        }
        report.stores().forEach(store -> explain(store, report.dryRun()));
        if (report.logTooShort()) {
            out.println(
                    "The log does not reach back that far any more: older requests were deleted by retention.ms of the"
                            + " topic, and were not replayed.");
        }
        report.continuation().ifPresent(command -> {
            out.println("Not everything is done. Go on with:");
            out.println("  " + command);
        });
        out.flush();
    }

    private void explain(StoreReport store, boolean dryRun) {
        store.items().forEach((target, items) -> {
            if (items > 0) {
                out.printf(Locale.ROOT, "  %s: %s %d%n", store.store(), target, items);
            }
        });
        store.failed()
                .forEach((code, number) -> out.printf(
                        Locale.ROOT,
                        "  %s: %d failed with %s%s%n",
                        store.store(),
                        number,
                        code,
                        dryRun ? "" : "; see the retry topic and 'lethe dead-letters'"));
        if (store.error() != null) {
            out.printf(Locale.ROOT, "  %s: stopped by %s%n", store.store(), store.error());
        }
    }

    private String line(StoreProgress store) {
        double part = store.size() == 0 ? 1 : (double) store.read() / store.size();
        double seconds = (System.nanoTime() - begun) / 1e9;
        String line = String.format(
                Locale.ROOT,
                "%s: %.0f %%, %d requests, %.0f/s",
                store.store(),
                Math.floor(part * 100),
                store.tally().requests(),
                store.tally().requests() / Math.max(seconds, 0.001));
        if (store.tally().failures() > 0) {
            line += ", " + store.tally().failures() + " failed";
        }
        if (store.over()) {
            return line + ", done";
        }
        if (store.holding().isPresent()) {
            var hold = store.holding().get();
            return line + ", waits since " + hold.since() + ": " + hold.code() + ": " + hold.message();
        }
        return part > 0 ? line + ", " + left(Duration.ofMillis((long) (seconds * 1000 * (1 - part) / part))) : line;
    }

    private static String left(Duration left) {
        return String.format(
                Locale.ROOT, "%d:%02d:%02d left", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
    }
}
