package dev.lethe.ledger.console.view;

import dev.lethe.ledger.request.Point;
import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.Statistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything at a glance.
 *
 * @param tone how it stands
 * @param headline the same in a sentence
 * @param reasons why, where it does not stand well
 */
public record Overview(
        String tone,
        String headline,
        List<String> reasons,
        List<Tile> tiles,
        Chart requested,
        Chart erased,
        List<RequestLine> latest) {

    /** @param stuck what stores that stand say of themselves */
    public static Overview of(
            Statistics statistics, List<Point> points, List<RequestRow> latest, List<String> stuck, Instant now) {
        var reasons = new ArrayList<String>();
        if (statistics.overdue() > 0) {
            reasons.add(Words.counted(statistics.overdue(), "request is", "requests are") + " overdue.");
        }
        if (statistics.failed() > 0) {
            reasons.add(Words.counted(statistics.failed(), "dead letter waits", "dead letters wait") + " for a human.");
        }
        reasons.addAll(stuck);
        boolean late = statistics.overdue() > 0;
        if (statistics.atRisk() > 0) {
            reasons.add(Words.counted(statistics.atRisk(), "request is", "requests are") + " due within three days.");
        }
        String headline = late
                ? "The law's date has passed for somebody"
                : !reasons.isEmpty()
                        ? "Something needs you"
                        : statistics.open() > 0
                                ? "All is well: " + Words.counted(statistics.open(), "request is", "requests are")
                                        + " being worked on"
                                : "All is well: nothing is left to do";
        return new Overview(
                late ? "bad" : reasons.isEmpty() ? "good" : "warn",
                headline,
                reasons,
                List.of(
                        Tile.of("Open", statistics.open(), open(statistics), "", "/console/requests?status=open"),
                        Tile.of(
                                "Done today",
                                statistics.doneToday(),
                                Words.number(statistics.completed()) + " in all",
                                "",
                                "/console/requests?status=completed"),
                        Tile.of("Time to erase, p50", statistics.median(), "half are quicker"),
                        Tile.of("Time to erase, p95", statistics.p95(), "95 of 100 are quicker"),
                        Tile.of(
                                "At risk",
                                statistics.atRisk(),
                                "due within three days",
                                statistics.atRisk() > 0 ? "warn" : "",
                                "/console/requests?due=at_risk"),
                        Tile.of(
                                "Overdue",
                                statistics.overdue(),
                                "due date has passed",
                                late ? "bad" : "",
                                "/console/requests?due=overdue")),
                Chart.of("Requests received", "received", points, Point::requested, false),
                Chart.of("Items erased", "erased", points, Point::items, true),
                latest.stream().map(row -> RequestLine.of(row, now)).toList());
    }

    private static String open(Statistics statistics) {
        return Words.number(statistics.pending()) + " pending, " + Words.number(statistics.inProgress())
                + " in progress";
    }
}
