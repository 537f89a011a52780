package dev.apikeys.testservers;

import dev.apikeys.testservers.ServletServer.Container;
import dev.apikeys.testservers.ServletServer.Paths;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The containers of this process that hold no application at the moment. A test class starts few, however many
 * applications its tests need: each test gets an application of its own, and no test a container of its own.
 *
 * <p>Thread-safe.
 */
final class Engines {
    private static final Map<Kind, Queue<Engine>> IDLE = new ConcurrentHashMap<>();

    private Engines() {}

    private record Kind(Container container, Paths paths) {}

    /** One that is idle, or else a new one. */
    static Engine take(Container container, Paths paths) throws Exception {
        Engine idle = idle(container, paths).poll();
        if (idle != null) {
            return idle;
        }
        return container == Container.JETTY ? JettyEngine.start(paths) : TomcatEngine.start(paths);
    }

    /** Takes one back, without an application. */
    static void giveBack(Container container, Paths paths, Engine engine) {
        idle(container, paths).add(engine);
    }

    private static Queue<Engine> idle(Container container, Paths paths) {
        return IDLE.computeIfAbsent(new Kind(container, paths), kind -> new ConcurrentLinkedQueue<>());
    }
}
