package dev.lethe.ledger.console.view;

import dev.lethe.cli.Age;
import dev.lethe.ledger.lanes.LaneBoard;
import dev.lethe.worker.status.LaneHealth;
import dev.lethe.worker.status.LaneHealth.Because;
import dev.lethe.worker.status.LaneHealth.Oldest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the stores are doing.
 *
 * @param lookedAt when they were looked at; null if not yet
 * @param problem why they could not be; null if they could
 */
public record StoreList(
        List<Line> lines,
        @Nullable Moment lookedAt,
        @Nullable String problem) {

    /**
     * A store.
     *
     * @param lanes what its further lanes do
     * @param why why it stands; null if it does not
     * @param again what waits in its further lanes; null if nothing
     * @param code of the last error; null if there was none
     */
    public record Line(
            String name,
            String path,
            String lanes,
            Pill state,
            @Nullable String why,
            @Nullable Moment since,
            String lag,
            @Nullable String again,
            String rate,
            @Nullable Moment oldest,
            @Nullable String code,
            @Nullable Moment codeAt,
            long deadLetters,
            String deadLettersPath) {

        /** @param lanes the store's, the one that works the log off first */
        static Line of(List<LaneHealth> lanes, Optional<LaneBoard.LastError> lastError, Instant now) {
            LaneHealth first = lanes.getFirst();
            LaneHealth shown =
                    lanes.stream().filter(lane -> isStuck(lane)).findFirst().orElse(first);
            Because because = shown.because();
            Oldest oldest = first.oldest();
            long again = lanes.stream().skip(1).mapToLong(LaneHealth::lag).sum();
            String encoded = URLEncoder.encode(first.store(), StandardCharsets.UTF_8);
            return new Line(
                    first.store(),
                    "/console/requests?store=" + encoded,
                    Words.counted(lanes.size(), "lane", "lanes"),
                    Pill.of(shown.state()),
                    because == null ? stuck(shown) : because.code() + ": " + because.message(),
                    because == null ? null : Moment.ofNullable(because.since(), now),
                    Words.number(first.lag()),
                    again == 0 ? null : "and " + Words.number(again) + " to look at again",
                    String.format(Locale.ROOT, "%.1f", first.ratePerSecond()),
                    oldest == null ? null : Moment.of(oldest.requestedAt(), now),
                    lastError.map(LaneBoard.LastError::code).orElse(null),
                    lastError.map(error -> Moment.of(error.at(), now)).orElse(null),
                    first.deadLetters(),
                    "/console/dead-letters?store=" + encoded);
        }

        private static @Nullable String stuck(LaneHealth lane) {
            return switch (lane.state()) {
                case STALLED -> "There is something to do, and nothing gets done: see the workers' log.";
                case NO_WORKER -> "Nobody reads its lane: start a worker for this store.";
                default -> null;
            };
        }
    }

    /** @param lastErrors the last error of a store */
    public static StoreList of(
            LaneBoard.View view, Function<String, Optional<LaneBoard.LastError>> lastErrors, Instant now) {
        List<Line> lines = byStore(view).values().stream()
                .map(lanes -> Line.of(lanes, lastErrors.apply(lanes.getFirst().store()), now))
                .toList();
        return new StoreList(
                lines,
                view.at().map(at -> Moment.of(at, now)).orElse(null),
                view.problems().isEmpty() ? null : String.join(". ", view.problems()) + ".");
    }

    /** What stores that stand say of themselves, a sentence each. */
    public static List<String> stuck(LaneBoard.View view, Instant now) {
        var sentences = new ArrayList<String>();
        byStore(view)
                .forEach((store, lanes) -> lanes.stream()
                        .filter(StoreList::isStuck)
                        .findFirst()
                        .ifPresent(lane -> sentences.add(sentence(store, lane, now))));
        return sentences;
    }

    private static String sentence(String store, LaneHealth lane, Instant now) {
        Because because = lane.because();
        if (because == null) {
            return store + ": " + Pill.of(lane.state()).word().toLowerCase(Locale.ROOT) + ".";
        }
        Instant since = because.since();
        return store + " holds" + (since == null ? "" : " for " + Age.of(Duration.between(since, now))) + ": "
                + because.code() + ", " + because.message();
    }

    private static boolean isStuck(LaneHealth lane) {
        return lane.state() == LaneHealth.State.HOLDING
                || lane.state() == LaneHealth.State.STALLED
                || lane.state() == LaneHealth.State.NO_WORKER;
    }

    private static Map<String, List<LaneHealth>> byStore(LaneBoard.View view) {
        return view.lanes().stream()
                .collect(Collectors.groupingBy(LaneHealth::store, LinkedHashMap::new, Collectors.toList()));
    }
}
