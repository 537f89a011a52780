package dev.apikeys.testservers;

import dev.apikeys.testservers.ServletServer.ErrorPage;
import dev.apikeys.testservers.ServletServer.FilterAt;
import dev.apikeys.testservers.ServletServer.Paths;
import dev.apikeys.testservers.ServletServer.ServletAt;
import dev.apikeys.testservers.ServletServer.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardServer;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat. */
final class TomcatEngine implements Engine {
    /** Held here, because the logging of the JDK forgets the level of a logger that nobody holds. */
    static final Logger LOGGER = Logger.getLogger("org.apache");

    static {
        LOGGER.setLevel(Level.WARNING);
    }

    private final Tomcat tomcat;
    private final Path directory;

    private TomcatEngine(Tomcat tomcat, Path directory) {
        this.tomcat = tomcat;
        this.directory = directory;
    }

    static TomcatEngine start(Paths paths) throws Exception {
        Path directory = Files.createTempDirectory("tomcat");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        Tomcat tomcat = new Tomcat();
        tomcat.setSilent(true);
        tomcat.setBaseDir(directory.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        ((StandardServer) tomcat.getServer()).setUtilityThreadsAsDaemon(true);
        Connector connector = tomcat.getConnector();
        connector.setProperty("address", "127.0.0.1");
        if (paths == Paths.LENIENT) {
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.DECODE.getValue());
            connector.setProperty("encodedReverseSolidusHandling", EncodedSolidusHandling.DECODE.getValue());
            connector.setProperty("allowBackslash", "true");
            connector.setProperty("relaxedPathChars", "<>[\\]^`{|}\"");
        }
        tomcat.start();
        return new TomcatEngine(tomcat, directory);
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public Application deploy(Setup setup) {
        // Not by Tomcat.addContext, which would start the application before it has its filters and servlets.
        StandardContext context = new StandardContext();
        context.setName(setup.contextPath);
        context.setPath(setup.contextPath);
        context.setDocBase(directory.toString());
        context.addLifecycleListener(new Tomcat.FixContextListener());
        // Requests that a test left behind are not waited for.
        context.setUnloadDelay(100);
        // Its search for leaks wants to open modules of the JDK.
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
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
        setup.errorPages.forEach(page -> addErrorPage(context, page));
        tomcat.getHost().addChild(context);
        return () -> tomcat.getHost().removeChild(context);
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

    private static void addErrorPage(Context context, ErrorPage page) {
        var definition = new org.apache.tomcat.util.descriptor.web.ErrorPage();
        definition.setErrorCode(page.status());
        definition.setLocation(page.location());
        context.addErrorPage(definition);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException leftBehind) {
            LOGGER.log(Level.FINE, "temporary files are left behind", leftBehind);
        }
    }
}
