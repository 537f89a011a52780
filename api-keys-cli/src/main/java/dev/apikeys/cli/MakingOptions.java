package dev.apikeys.cli;

import dev.apikeys.Actor;
import picocli.CommandLine.Mixin;

/** What commands need that make tokens: who does it, and the settings of the services. */
final class MakingOptions {
    @Mixin
    private final ActorOption actor = new ActorOption();

    @Mixin
    private final ServiceOptions service = new ServiceOptions();

    Actor actor() {
        return actor.actor();
    }

    ServiceOptions service() {
        return service;
    }
}
