package dev.apikeys.spring;

class TomcatPostgresqlTest extends ApplicationContract {
    TomcatPostgresqlTest() {
        super(Servers.Tomcat.class, Databases.POSTGRESQL);
    }
}
