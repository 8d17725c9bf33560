package dev.lethe.ledger.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final Person SOMEBODY = new Person("office", "office", Role.OPERATOR);

    private Instant now = Instant.parse("2026-11-26T08:00:00Z");
    private final Sessions sessions = new Sessions(Duration.ofMinutes(30), Duration.ofHours(2), () -> now);

    @Test
    void oneThatIsUsedGoesOnAndOneThatIsNotEnds() {
        String used = sessions.begin(SOMEBODY);
        String unused = sessions.begin(SOMEBODY);

        now = now.plus(Duration.ofMinutes(29));
        assertThat(sessions.find(used)).isPresent();
        now = now.plus(Duration.ofMinutes(2));

        assertThat(sessions.find(used)).isPresent();
        assertThat(sessions.find(unused)).isEmpty();
    }

    @Test
    void aPageThatIsLeftOpenKeepsNoneAlive() {
        String id = sessions.begin(SOMEBODY);

        now = now.plus(Duration.ofMinutes(29));
        assertThat(sessions.look(id)).isPresent();
        now = now.plus(Duration.ofMinutes(2));

        assertThat(sessions.look(id)).isEmpty();
    }

    @Test
    void eachEndsAfterItsLongestTimeHoweverItIsUsed() {
        String id = sessions.begin(SOMEBODY);
        for (int i = 0; i < 5; i++) {
            now = now.plus(Duration.ofMinutes(20));
            assertThat(sessions.find(id)).isPresent();
        }

        now = now.plus(Duration.ofMinutes(20));

        assertThat(sessions.find(id)).isEmpty();
    }

    @Test
    void oneThatIsEndedIsOver() {
        String id = sessions.begin(SOMEBODY);

        sessions.end(id);

        assertThat(sessions.find(id)).isEmpty();
    }

    @Test
    void noTwoHaveAnythingInCommon() {
        String one = sessions.begin(SOMEBODY);
        String other = sessions.begin(SOMEBODY);

        assertThat(one).hasSizeGreaterThanOrEqualTo(43).isNotEqualTo(other);
        assertThat(sessions.find(one).orElseThrow().csrf())
                .isNotEqualTo(sessions.find(other).orElseThrow().csrf())
                .isNotEqualTo(one);
        assertThat(sessions.find(one).orElseThrow().toString())
                .doesNotContain(sessions.find(one).orElseThrow().csrf());
    }
}
