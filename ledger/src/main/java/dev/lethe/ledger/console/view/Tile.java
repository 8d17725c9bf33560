package dev.lethe.ledger.console.view;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A number at a glance.
 *
 * @param aside what it means
 * @param path what it counts; null if that can't be listed
 */
public record Tile(
        String name,
        String figure,
        @Nullable String unit,
        String aside,
        String tone,
        @Nullable String path) {

    static Tile of(String name, long figure, String aside, String tone, @Nullable String path) {
        return new Tile(name, Words.number(figure), null, aside, tone, path);
    }

    static Tile of(String name, Optional<Duration> figure, String aside) {
        List<String> measured = figure.map(Words::measured).orElse(List.of("–", ""));
        return new Tile(name, measured.get(0), measured.get(1), aside, "", null);
    }
}
