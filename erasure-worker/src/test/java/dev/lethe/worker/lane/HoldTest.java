package dev.lethe.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class HoldTest {
    private final Hold hold =
            new Hold("news", new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)), InstantSource.system());

    @Test
    void whatAsksToBeLeftAloneIsLeftAloneForLongerThanTheBackoff() throws Exception {
        long start = System.nanoTime();

        hold.because("OVERLOADED", "it can't keep up", Duration.ofMillis(300));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void theBackoffHoldsWhereItIsLonger() throws Exception {
        var slow = new Hold("news", new Backoff(Duration.ofMillis(400), Duration.ofSeconds(1)), InstantSource.system());
        long start = System.nanoTime();

        slow.because("OVERLOADED", "it can't keep up", Duration.ofMillis(1));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }
}
