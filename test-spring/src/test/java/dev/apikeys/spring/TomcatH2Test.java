package dev.apikeys.spring;

class TomcatH2Test extends ApplicationContract {
    TomcatH2Test() {
        super(Servers.Tomcat.class, Databases.H2);
    }
}
