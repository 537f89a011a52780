/** Checks passwords and the slow hashes of imported keys with Password4j. */
module dev.apikeys.password4j {
    requires transitive dev.apikeys.core;
    requires password4j;
    requires org.slf4j;

    exports dev.apikeys.password4j;
}
