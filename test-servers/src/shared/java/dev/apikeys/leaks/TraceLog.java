package dev.apikeys.leaks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Everything that is logged until it is closed, down to TRACE: messages, contexts, and exceptions with their causes. Not
 * thread-safe, apart from the logging itself.
 */
public final class TraceLog implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level levelBefore = root.getLevel();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    /** They would print all of it. */
    private final List<Appender<ILoggingEvent>> silenced = new ArrayList<>();

    /** Listens from now on. */
    public TraceLog() {
        root.iteratorForAppenders().forEachRemaining(silenced::add);
        silenced.forEach(root::detachAppender);
        events.start();
        root.addAppender(events);
        root.setLevel(Level.TRACE);
    }

    /** What was logged so far, one text for each message, context and exception. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (ILoggingEvent event : events.list) {
            texts.add(event.getFormattedMessage());
            texts.add(String.valueOf(event.getMDCPropertyMap()));
            for (IThrowableProxy cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                texts.add(cause.getClassName() + ": " + cause.getMessage());
            }
        }
        return texts;
    }

    @Override
    public void close() {
        root.detachAppender(events);
        silenced.forEach(root::addAppender);
        root.setLevel(levelBefore);
    }
}
