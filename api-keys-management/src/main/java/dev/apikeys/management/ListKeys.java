package dev.apikeys.management;

import dev.apikeys.KeyService;
import java.util.Optional;
import java.util.function.Function;

/** Keys that the caller may see: the page that is asked for, else the newest, and of too many those that have not ended. */
final class ListKeys implements Command<KeyList> {
    private final KeyService keys;
    private final Function<FieldChecks, Optional<Paging>> paging;

    /**
     * A list.
     *
     * @param paging reads which page is asked for, as the family has it
     */
    ListKeys(KeyService keys, Function<FieldChecks, Optional<Paging>> paging) {
        this.keys = keys;
        this.paging = paging;
    }

    @Override
    public Result<KeyList> run(Call call) {
        FieldChecks checks = new FieldChecks(call.input());
        Optional<Paging> wanted = paging.apply(checks);
        return checks.unlessViolated(wanted)
                .map(page -> new KeyList(
                        page.isPresent()
                                ? keys.list(call.visible(), page.get().request())
                                : keys.listNewest(call.visible()),
                        page));
    }
}
