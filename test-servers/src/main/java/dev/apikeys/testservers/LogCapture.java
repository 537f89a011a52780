package dev.apikeys.testservers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Everything that is logged meanwhile, as a log file would show it: every library down to TRACE, also what goes through
 * the logging of the JDK. The containers only from INFO on: below it they print the bytes of each request, which
 * is theirs to answer for.
 */
public final class LogCapture implements AutoCloseable {
    /** An event of logback, laid out. */
    public record Line(String logger, Level level, String text) {}

    private final List<Line> lines = new ArrayList<>();
    /** Those of the library: tests ask for them after each of thousands of requests. */
    private final List<Line> ours = new ArrayList<>();

    private final Logger root;
    private final Level before;
    private final List<Appender<ILoggingEvent>> silenced = new ArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new Collector();
    private final Handler handler = new JdkHandler();
    private final java.util.logging.Logger jdkRoot = java.util.logging.Logger.getLogger("");
    private final List<Handler> silencedJdk = List.of(jdkRoot.getHandlers());
    private final Logger jetty;

    private LogCapture() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        before = root.getLevel();
        for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
            silenced.add(all.next());
        }
        silenced.forEach(root::detachAppender);
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
        jetty = context.getLogger("org.eclipse.jetty");
        jetty.setLevel(Level.INFO);
        TomcatEngine.LOGGER.setLevel(java.util.logging.Level.INFO);
        silencedJdk.forEach(jdkRoot::removeHandler);
        jdkRoot.addHandler(handler);
    }

    public static LogCapture start() {
        return new LogCapture();
    }

    /** What was logged so far. */
    public List<Line> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** What the library logged so far. */
    public List<Line> ours() {
        synchronized (lines) {
            return List.copyOf(ours);
        }
    }

    private void add(Line line) {
        synchronized (lines) {
            lines.add(line);
            if (line.logger().startsWith("dev.apikeys")) {
                ours.add(line);
            }
        }
    }

    private final class Collector extends AppenderBase<ILoggingEvent> {
        private final PatternLayout layout = new PatternLayout();

        @Override
        public void start() {
            layout.setContext(getContext());
            layout.setPattern("%level [%thread] %logger - %msg %mdc%n%ex{full}");
            layout.start();
            super.start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            add(new Line(event.getLoggerName(), event.getLevel(), layout.doLayout(event)));
        }
    }

    private final class JdkHandler extends Handler {
        private JdkHandler() {
            setFormatter(new SimpleFormatter());
        }

        @Override
        public void publish(LogRecord entry) {
            add(new Line(
                    String.valueOf(entry.getLoggerName()),
                    Level.INFO,
                    getFormatter().format(entry)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Override
    public void close() {
        jdkRoot.removeHandler(handler);
        silencedJdk.forEach(jdkRoot::addHandler);
        TomcatEngine.LOGGER.setLevel(java.util.logging.Level.WARNING);
        root.detachAppender(appender);
        silenced.forEach(root::addAppender);
        root.setLevel(before);
        jetty.setLevel(null);
    }
}
