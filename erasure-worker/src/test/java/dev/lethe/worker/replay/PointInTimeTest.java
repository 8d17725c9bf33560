package dev.lethe.worker.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456Z");

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T08:00:00Z, 2026-11-20T08:00:00Z",
        "2026-11-20T08:00:00.123456Z, 2026-11-20T08:00:00.123Z",
        "2026-11-20T09:00:00+01:00, 2026-11-20T08:00:00Z",
        "2026-11-20T09:00+01:00, 2026-11-20T08:00:00Z",
        "2026-11-20, 2026-11-20T00:00:00Z",
        "PT6H, 2026-11-24T06:00:00.123Z",
        "P3D, 2026-11-21T12:00:00.123Z",
        "PT0S, 2026-11-24T12:00:00.123Z",
        "' PT30M ', 2026-11-24T11:30:00.123Z"
    })
    void anInstantADateAndAWhileAgoAreUnderstood(String text, Instant expected) {
        assertThat(PointInTime.parse(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "yesterday", "2026-13-01", "2026-11-20T08:00:00", "6h", "PT-6H", "-PT6H", "1732438800", "P1M"
            })
    void anythingElseIsRefusedWithTheFormsThatAreUnderstood(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PointInTime.parse(text, NOW))
                .withMessageContaining("PT6H")
                .withMessageContaining("2026-11-20");
    }

    @Test
    void whatIsTooLongAgoForAnyClockIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PointInTime.parse("P999999999999D", NOW));
    }
}
