package dev.apikeys.management;

import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/** All that the JavaScript of a page still holds. */
final class BrowserHeap {
    private BrowserHeap() {}

    /** The heap as text, garbage collected. */
    static String of(Page page) {
        CDPSession session = page.context().newCDPSession(page);
        StringBuilder heap = new StringBuilder();
        session.on(
                "HeapProfiler.addHeapSnapshotChunk",
                event -> heap.append(event.get("chunk").getAsString()));
        session.send("HeapProfiler.collectGarbage");
        session.send("HeapProfiler.takeHeapSnapshot");
        session.detach();
        return heap.toString();
    }
}
