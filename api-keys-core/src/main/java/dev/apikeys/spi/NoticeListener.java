package dev.apikeys.spi;

import dev.apikeys.KeyNotice;

/**
 * Is given notices about keys, by one node at a time. If it throws, the notice is given again later. It may be given a
 * notice twice when a node ended, or lost its store, before it could store that it had given it.
 */
@FunctionalInterface
public interface NoticeListener {
    /** Takes the notice. A call that lasts longer than five minutes may overlap with one on another node. */
    void on(KeyNotice notice);
}
