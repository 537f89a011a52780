package dev.apikeys.testservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Globals;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat with the servlets and filters of a set-up. */
public final class TomcatServer extends ServletServer {
    /** Held here, because the logging of the JDK forgets the level of a logger that nobody holds. */
    public static final Logger LOGGER = Logger.getLogger("org.apache");

    static {
        LOGGER.setLevel(Level.WARNING);
    }

    private final Tomcat tomcat;
    private final Path directory;

    private TomcatServer(Tomcat tomcat, Path directory) {
        this.tomcat = tomcat;
        this.directory = directory;
    }

    public static TomcatServer start(Setup setup) throws Exception {
        Path directory = Files.createTempDirectory("tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setSilent(true);
        tomcat.setBaseDir(directory.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        Connector connector = tomcat.getConnector();
        connector.setProperty("address", "127.0.0.1");
        StandardContext context = (StandardContext) tomcat.addContext(setup.contextPath, directory.toString());
        // Its search for leaks wants to open modules of the JDK.
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        if (setup.paths == Paths.LENIENT) {
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.DECODE.getValue());
            connector.setProperty("encodedReverseSolidusHandling", EncodedSolidusHandling.DECODE.getValue());
            connector.setProperty("allowBackslash", "true");
            connector.setProperty("relaxedPathChars", "<>[\\]^`{|}\"");
        }
        setup.initializers.forEach(initializer -> context.addServletContainerInitializer(initializer, null));
        int number = 0;
        for (FilterAt filter : setup.filters) {
            addFilter(context, "filter" + number++, filter);
        }
        for (ServletAt servlet : setup.servlets) {
            Wrapper wrapper = Tomcat.addServlet(context, "servlet" + number++, servlet.servlet());
            wrapper.setAsyncSupported(true);
            servlet.mappings().forEach(wrapper::addMapping);
        }
        for (ErrorPage page : setup.errorPages) {
            var definition = new org.apache.tomcat.util.descriptor.web.ErrorPage();
            definition.setErrorCode(page.status());
            definition.setLocation(page.location());
            context.addErrorPage(definition);
        }
        tomcat.start();
        return new TomcatServer(tomcat, directory);
    }

    private static void addFilter(Context context, String name, FilterAt filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter.filter());
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName(name);
        filter.mappings().forEach(map::addURLPattern);
        FilterAt.dispatches().forEach(type -> map.setDispatcher(type.name()));
        context.addFilterMap(map);
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
            // It leaves its directory there, and the next Tomcat would make it anew.
            System.clearProperty(Globals.CATALINA_HOME_PROP);
            System.clearProperty(Globals.CATALINA_BASE_PROP);
            List<Path> deepestFirst;
            try (Stream<Path> files = Files.walk(directory)) {
                deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (LifecycleException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
