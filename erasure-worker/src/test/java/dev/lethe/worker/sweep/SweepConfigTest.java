package dev.lethe.worker.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Outcome;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepConfigTest {
    @Test
    void theShortestComesFirstAndWhatIsOpenWaitsForTheLongest() throws Exception {
        SweepConfig sweeps = read("sweeps: [P7D, PT1H, P1D]");

        assertThat(sweeps.after()).containsExactly(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7));
        assertThat(sweeps.settling()).contains(Duration.ofDays(7));
    }

    @Test
    void withoutAnyNobodyLooksAgain() throws Exception {
        SweepConfig sweeps = read("{}");

        assertThat(sweeps.after()).isEmpty();
        assertThat(sweeps.settling()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1h", "PT0S", "-PT1H", "PT0.5S", "P61D", "[PT1H, PT60M]"})
    void whatIsNoDelayIsRefused(String sweeps) {
        assertThatThrownBy(() -> read("sweeps: " + sweeps))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sweeps");
    }

    @ParameterizedTest
    @CsvSource({
        "PT90S, sweep-90s",
        "PT1M, sweep-1m",
        "PT90M, sweep-90m",
        "PT1H, sweep-1h",
        "P1D, sweep-1d",
        "P7D, sweep-7d"
    })
    void aRunIsCalledByItsDelay(Duration after, String run) {
        assertThat(Outcome.sweep(after)).isEqualTo(run);
        assertThat(Outcome.isSweep(run)).isTrue();
        assertThat(Outcome.isSweep(Outcome.ERASE)).isFalse();
    }

    private static SweepConfig read(String yaml) throws ConfigException {
        return ConfigFile.parse("worker.yaml", yaml, Map.of(), SweepConfig::read)
                .config();
    }
}
