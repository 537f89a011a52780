package dev.apikeys.spring;

class JettyH2Test extends ApplicationContract {
    JettyH2Test() {
        super(Servers.Jetty.class, Databases.H2);
    }
}
