package dev.apikeys.cli;

import dev.apikeys.jdbi.ApiKeySchema;

/** How the state of the tables is shown. */
final class SchemaLine {
    private SchemaLine() {}

    static Line of(ApiKeySchema.Status status) {
        return new Line()
                .field("state", status.state())
                .field("version", status.version())
                .field("latest", ApiKeySchema.LATEST_VERSION)
                .field("missing", status.missing());
    }

    /** Whether services of this version can work on it. */
    static Exit exit(ApiKeySchema.Status status) {
        return status.state() == ApiKeySchema.State.CURRENT || status.state() == ApiKeySchema.State.NEWER
                ? Exit.OK
                : Exit.UNFIT;
    }
}
