package dev.apikeys.spring;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** What a tracer would put on its spans. */
final class Spans implements ObservationHandler<Observation.Context> {
    private final List<Observation.Context> ended = new CopyOnWriteArrayList<>();

    /** The values of this attribute on all spans so far. */
    List<String> attributes(String name) {
        return ended.stream()
                .map(context -> context.getHighCardinalityKeyValue(name))
                .filter(Objects::nonNull)
                .map(KeyValue::getValue)
                .toList();
    }

    /** The names of all attributes on all spans so far. */
    Set<String> names() {
        return ended.stream()
                .flatMap(context -> context.getAllKeyValues().stream())
                .map(KeyValue::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public void onStop(Observation.Context context) {
        ended.add(context);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return true;
    }
}
