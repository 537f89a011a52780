package dev.apikeys.spring;

class JettyPostgresqlTest extends ApplicationContract {
    JettyPostgresqlTest() {
        super(Servers.Jetty.class, Databases.POSTGRESQL);
    }
}
