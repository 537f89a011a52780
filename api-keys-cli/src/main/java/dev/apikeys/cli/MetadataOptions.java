package dev.apikeys.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The host's own strings on a key. */
final class MetadataOptions {
    @Option(
            names = "--metadata",
            paramLabel = "NAME=VALUE",
            description =
                    "A string of your own on the key, such as team=payments. May be repeated. An empty value removes"
                            + " the entry.")
    private final Map<String, String> entries = new LinkedHashMap<>();

    Map<String, String> entries() {
        return entries;
    }
}
