package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.Page;
import java.util.List;
import java.util.Optional;

/** Keys that the caller may see: the page that is asked for, else the newest, and of too many those that have not ended. */
final class ListKeys implements Command<KeyList> {
    private final KeyService keys;
    private final ListReader reader;

    /**
     * A list.
     *
     * @param reader reads which keys are asked for, as the family has it
     */
    ListKeys(KeyService keys, ListReader reader) {
        this.keys = keys;
        this.reader = reader;
    }

    @Override
    public Result<KeyList> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        ListReader.Wanted wanted = reader.read(checks, call.visible());
        return checks.unlessViolated(wanted).map(valid -> new KeyList(page(valid), valid.paging()));
    }

    private Page<ApiKey> page(ListReader.Wanted wanted) {
        Optional<KeyFilter> filter = wanted.filter();
        if (filter.isEmpty()) {
            return new Page<>(List.of(), 0);
        }
        return wanted.paging()
                .map(paging -> keys.list(filter.get(), paging.request()))
                .orElseGet(() -> keys.listNewest(filter.get()));
    }
}
