/** The contract of a store as tests, and what a host needs to test its own code with API keys. */
module dev.apikeys.testkit {
    requires transitive dev.apikeys.core;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;

    exports dev.apikeys.testkit;
}
