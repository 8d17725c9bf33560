package dev.lethe.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RecurringCheckTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofDays(1);

    private volatile List<String> found = List.of();

    @Test
    void untilItWasLookedAtItIsNotWell() {
        var looked = new CountDownLatch(1);
        RecurringCheck.Check slow = () -> {
            looked.await();
            return List.of();
        };

        try (var check = new RecurringCheck("topics", slow)) {
            assertThat(check.problems()).containsExactly("topics not checked yet");
            looked.countDown();
            await().untilAsserted(() -> assertThat(check.problems()).isEmpty());
        }
    }

    @Test
    void whatIsBrokenIsLookedAtAgainUntilItIsMended() {
        found = List.of("topic x is missing");

        try (var check = new RecurringCheck("topics", () -> found, NEVER, AT_ONCE)) {
            await().untilAsserted(() -> assertThat(check.problems()).containsExactly("topic x is missing"));
            found = List.of();
            await().untilAsserted(() -> assertThat(check.problems()).isEmpty());
        }
    }

    @Test
    void whatBreaksLaterIsNoticed() {
        try (var check = new RecurringCheck("topics", () -> found, AT_ONCE, NEVER)) {
            await().untilAsserted(() -> assertThat(check.problems()).isEmpty());
            found = List.of("topic x is gone");
            await().untilAsserted(() -> assertThat(check.problems()).containsExactly("topic x is gone"));
        }
    }

    @Test
    void aCheckThatFailsIsAProblemAndIsTriedAgain() {
        var seen = new CountDownLatch(1);
        var looks = new AtomicInteger();
        RecurringCheck.Check failing = () -> {
            if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("ann@one.example");
            }
            seen.await();
            return List.of();
        };

        try (var check = new RecurringCheck("topics", failing, NEVER, AT_ONCE)) {
            await().untilAsserted(() ->
                    assertThat(check.problems()).containsExactly("topics can't be checked (IllegalStateException)"));
            seen.countDown();
            await().untilAsserted(() -> assertThat(check.problems()).isEmpty());
        }
    }

    @Test
    void closingEndsIt() {
        try (var check = new RecurringCheck("closing", () -> found)) {
            await().until(() -> threadOf("closing"));
            check.close();
            await().until(() -> !threadOf("closing"));
        }
    }

    private static boolean threadOf(String check) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("check-" + check));
    }
}
