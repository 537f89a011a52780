package dev.apikeys.cli;

import dev.apikeys.PageRequest;
import picocli.CommandLine.Option;

/** Which part of a long list. */
final class PageOptions {
    @Option(names = "--limit", paramLabel = "COUNT", description = "How many at the most, 1 to 1000; 50 by default.")
    private int limit = 50;

    @Option(names = "--page", paramLabel = "NUMBER", description = "Which page of that length, from 1.")
    private int page = 1;

    PageRequest request() {
        if (page < 1) {
            throw CommandException.usage("--page counts from 1");
        } else if (limit < 1 || limit > PageRequest.MAX_LIMIT) {
            throw CommandException.usage("--limit is 1 to " + PageRequest.MAX_LIMIT);
        }
        return PageRequest.page(page, limit);
    }
}
