package dev.apikeys.testservers;

/** A running servlet container, which holds one application at a time and outlives it. */
interface Engine {
    /** Where it listens, on 127.0.0.1. */
    int port();

    /** Starts an application. Closing the answer stops it, and the container goes on. */
    Application deploy(ServletServer.Setup setup) throws Exception;

    /** An application that runs. */
    interface Application {
        /** Stops it. */
        void stop() throws Exception;
    }
}
