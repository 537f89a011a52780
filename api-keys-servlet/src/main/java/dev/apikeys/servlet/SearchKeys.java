package dev.apikeys.servlet;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.Page;
import dev.apikeys.Slice;

/** A page of the keys that the caller may see and that match a text, newest first. */
final class SearchKeys implements Command<Page<ApiKey>> {
    private static final int USUAL_PAGE_SIZE = 20;
    private static final int MAX_PAGE_SIZE = 100;

    private final KeyService keys;

    SearchKeys(KeyService keys) {
        this.keys = keys;
    }

    @Override
    public Outcome<Page<ApiKey>> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        int page = checks.number(Field.PAGE, 1, 1, Integer.MAX_VALUE);
        int size = checks.number(Field.PAGE_SIZE, USUAL_PAGE_SIZE, 1, MAX_PAGE_SIZE);
        KeyFilter filter = checks.searching(call.visible());
        return checks.unlessViolated(filter).map(wanted -> keys.list(wanted, Slice.page(page, size)));
    }
}
