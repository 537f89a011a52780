package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.Page;

/** Lists a page of the keys that the caller may see and that match a text, newest first. */
final class SearchKeys implements Command<Page<ApiKey>> {
    private final KeyService keys;

    SearchKeys(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Result<Page<ApiKey>> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        Paging paging = Paging.strictOrFirst(checks);
        KeyFilter filter = checks.searching(call.visible());
        return checks.unlessViolated(filter).map(wanted -> keys.list(wanted, paging.request()));
    }
}
