package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.Page;
import java.util.Optional;

/**
 * Keys that the caller may see.
 *
 * @param keys newest first, and how many there are
 * @param paging which page it is; empty when none was asked for
 */
record KeyList(Page<ApiKey> keys, Optional<Paging> paging) {}
