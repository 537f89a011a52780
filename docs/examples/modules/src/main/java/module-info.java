/** A program on the module path that issues and verifies a key, and makes the filter that would protect its API. */
module dev.apikeys.examples.modules {
    requires static org.jspecify;
    requires dev.apikeys.servlet;
}
