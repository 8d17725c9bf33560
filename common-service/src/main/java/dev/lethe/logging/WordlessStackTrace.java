package dev.lethe.logging;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/**
 * Prints an exception by its classes and stack frames, without any message: drivers and parsers repeat values in theirs, and a
 * value can be somebody's e-mail address.
 */
public final class WordlessStackTrace extends ThrowableHandlingConverter {
    @Override
    public String convert(ILoggingEvent event) {
        var trace = new StringBuilder();
        append(trace, "", event.getThrowableProxy());
        return trace.toString();
    }

    private static void append(StringBuilder trace, String prefix, @Nullable IThrowableProxy thrown) {
        if (thrown == null) {
            return;
        }
        trace.append(prefix).append(thrown.getClassName()).append('\n');
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        for (int i = 0; i < frames.length - thrown.getCommonFrames(); i++) {
            trace.append("    ").append(frames[i].getSTEAsString()).append('\n');
        }
        append(trace, "caused by ", thrown.getCause());
    }
}
