package dev.lethe.worker.store;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Catches whatever is logged, at every level, in the place of the usual output, until it is closed. */
public final class CapturedLog implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
    private final StringBuffer text = new StringBuffer();
    private final AppenderBase<ILoggingEvent> capture = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            text.append(event.getLoggerName()).append(' ').append(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                text.append('\n').append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            text.append('\n');
        }
    };

    public CapturedLog() {
        root.iteratorForAppenders().forEachRemaining(usual::add);
        usual.forEach(root::detachAppender);
        root.setLevel(Level.TRACE);
        capture.setContext(root.getLoggerContext());
        capture.start();
        root.addAppender(capture);
    }

    public String text() {
        return text.toString();
    }

    @Override
    public void close() {
        root.detachAppender(capture);
        root.setLevel(level);
        usual.forEach(root::addAppender);
    }
}
