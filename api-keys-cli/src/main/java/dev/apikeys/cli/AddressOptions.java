package dev.apikeys.cli;

import dev.apikeys.KeyUpdate;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** From where a key may be used from now on. */
final class AddressOptions {
    @Option(
            names = "--allow-from",
            paramLabel = "ADDRESS",
            split = ",",
            description = "The addresses and blocks that it may be used from, instead of the present ones.")
    private final List<String> allowedFrom = new ArrayList<>();

    @Option(names = "--allow-from-everywhere", description = "It may be used from every address.")
    private boolean everywhere;

    KeyUpdate apply(KeyUpdate update) {
        if (everywhere && !allowedFrom.isEmpty()) {
            throw CommandException.usage("give either --allow-from or --allow-from-everywhere");
        }
        if (everywhere) {
            return update.allowedFromEverywhere();
        }
        return allowedFrom.isEmpty() ? update : update.allowedFrom(allowedFrom.toArray(String[]::new));
    }
}
