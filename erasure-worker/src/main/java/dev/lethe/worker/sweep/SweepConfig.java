package dev.lethe.worker.sweep;

import dev.lethe.config.Section;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When stores are looked at again.
 *
 * @param after how long after the request, the shortest first; each of 1 s to 60 days. Empty if never
 */
public record SweepConfig(List<Duration> after) {
    /** A request has to be in the log for as long as somebody waits for it. */
    private static final Duration LONGEST = Duration.ofDays(60);

    public SweepConfig {
        after = List.copyOf(after);
    }

    /** Reads the list {@code sweeps}. */
    public static SweepConfig read(Section file) {
        var after = new ArrayList<Duration>();
        for (String text : file.texts("sweeps")) {
            Optional<Duration> duration = parse(text);
            if (duration.isEmpty()) {
                file.problem(
                        "sweeps",
                        "\"%s\" is no whole number of seconds from PT1S to P60D, such as PT1H or P7D".formatted(text));
            } else if (after.contains(duration.get())) {
                file.problem("sweeps", "names \"%s\" twice".formatted(text));
            } else {
                after.add(duration.get());
            }
        }
        return new SweepConfig(after.stream().sorted().toList());
    }

    private static Optional<Duration> parse(String text) {
        try {
            return Optional.of(Duration.parse(text))
                    .filter(duration -> duration.equals(duration.truncatedTo(ChronoUnit.SECONDS)))
                    .filter(duration -> !duration.isNegative() && !duration.isZero())
                    .filter(duration -> duration.compareTo(LONGEST) <= 0);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** How long what is open waits each time before it is looked at again: as long as the last sweep. Empty without sweeps. */
    public Optional<Duration> settling() {
        return after.isEmpty() ? Optional.empty() : Optional.of(after.getLast());
    }
}
