package dev.lethe.worker.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.UnreadableRecordException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {
    @ParameterizedTest
    @EnumSource
    void everyReasonForWhichARecordCannotBeReadIsExplained(Reason reason) {
        assertThat(Explanation.isKnown(reason.name())).isTrue();
        assertThat(Explanation.of(reason.name()).remedy()).containsAnyOf("redrive", "discard");
    }

    /** The codes of the stores that come with Lethe, and of the step itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "MISSING_IDENTIFIER",
                "UNRESOLVED",
                "INVALID_IDENTIFIER",
                "INVALID_VALUE",
                "CONSTRAINT",
                "RAISED",
                "TIMEOUT",
                "CONFLICT",
                "REFUSED",
                "UNCLASSIFIED",
                DeadLetter.UNKNOWN
            })
    void everyCodeOfAFailureIsExplained(String code) {
        assertThat(Explanation.isKnown(code)).isTrue();
        assertThat(Explanation.of(code).meaning()).endsWith(".");
        assertThat(Explanation.of(code).remedy()).endsWith(".");
    }

    @Test
    void aCodeThatIsNewGetsGeneralAdvice() {
        assertThat(Explanation.of("OF_ANOTHER_STORE").remedy()).contains("redrive");
        assertThat(Explanation.isKnown("OF_ANOTHER_STORE")).isFalse();
    }
}
