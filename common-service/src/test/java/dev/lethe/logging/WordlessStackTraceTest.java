package dev.lethe.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WordlessStackTraceTest {
    @Test
    void anExceptionPrintsItsClassesAndFramesButNoMessage() {
        var cause = new IllegalArgumentException("Key (email)=(ann@one.example) already exists");
        var exception = new IllegalStateException("of ann@one.example", cause);
        exception.addSuppressed(new RuntimeException("ann@one.example, too"));

        assertThat(printed(exception))
                .startsWith(
                        "java.lang.IllegalStateException\n    at " + getClass().getName())
                .contains("\ncaused by java.lang.IllegalArgumentException\n")
                .doesNotContain("ann@one.example", "email");
    }

    @Test
    void anEventWithoutAnExceptionPrintsNothingMore() {
        assertThat(printed(null)).isEmpty();
    }

    private static String printed(@Nullable Throwable thrown) {
        var logger = new LoggerContext().getLogger("test");
        return new WordlessStackTrace()
                .convert(new LoggingEvent("test", logger, Level.ERROR, "message", thrown, new Object[0]));
    }
}
