package dev.lethe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.9S, 0s",
        "PT59.9S, 59s",
        "PT60S, 1m",
        "PT61S, 1m 1s",
        "PT59M59S, 59m 59s",
        "PT1H, 1h",
        "PT1H59S, 1h",
        "PT23H59M59S, 23h 59m",
        "PT24H, 1d",
        "PT76H30M, 3d 4h",
        "P400D, 400d",
        "PT-5S, 0s"
    })
    void anAgeIsSaidInItsTwoLargestUnits(Duration duration, String said) {
        assertThat(Age.of(duration)).isEqualTo(said);
    }
}
