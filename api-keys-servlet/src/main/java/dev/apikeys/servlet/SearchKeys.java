package dev.apikeys.servlet;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.Page;
import dev.apikeys.Slice;

/** A page of the keys that the caller may see and that match a text, newest first. */
final class SearchKeys implements Command<Page<ApiKey>> {
    private final KeyService keys;

    SearchKeys(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Outcome<Page<ApiKey>> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        int page = checks.page();
        int size = checks.pageSize();
        KeyFilter filter = checks.searching(call.visible());
        return checks.unlessViolated(filter).map(wanted -> keys.list(wanted, Slice.page(page, size)));
    }
}
