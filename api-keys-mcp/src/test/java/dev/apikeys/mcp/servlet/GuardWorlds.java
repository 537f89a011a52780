package dev.apikeys.mcp.servlet;

import dev.apikeys.testservers.ServletServer.Container;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** One guard with the same settings in each container, for all tests of a class. */
final class GuardWorlds implements AutoCloseable {
    private final Map<Container, GuardWorld> worlds = new EnumMap<>(Container.class);

    GuardWorlds() throws Exception {
        this(guard -> {});
    }

    GuardWorlds(Consumer<GuardFilter.Builder> settings) throws Exception {
        for (Container container : Container.values()) {
            worlds.put(container, new GuardWorld(container, settings));
        }
    }

    /** The guard in this container; its server has received nothing and answers an empty result. */
    GuardWorld in(Container container) {
        GuardWorld world = worlds.get(container);
        world.mcp.reset();
        return world;
    }

    @Override
    public void close() {
        worlds.values().forEach(GuardWorld::close);
    }
}
