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
            throw CommandException.usage("pages count from 1");
        }
        return PageRequest.page(page, limit);
    }
}
