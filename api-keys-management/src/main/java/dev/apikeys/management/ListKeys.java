package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyService;
import java.util.List;

/** All keys that the caller may see, newest first. */
final class ListKeys implements Command<List<ApiKey>> {
    private final KeyService keys;

    ListKeys(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<List<ApiKey>> run(Call call) {
        return Result.done(keys.listAll(call.visible()));
    }
}
