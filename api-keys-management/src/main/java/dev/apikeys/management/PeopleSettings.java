package dev.apikeys.management;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the host has settled for the people who use the endpoints.
 *
 * @param stepUp how they prove again who they are
 * @param csrfTokens the tokens of the host's own protection against cross-site requests
 * @param tools the tools that agents can call
 * @param page the files of the page by path; empty if it is off
 */
record PeopleSettings(StepUpCheck stepUp, CsrfTokens csrfTokens, ToolCatalogue tools, Map<String, PageFile> page) {
    /** The session is enough, there are no tokens, tools are not known, and there is no page. */
    static final PeopleSettings DEFAULT =
            new PeopleSettings(StepUpCheck.none(), request -> Optional.empty(), caller -> List.of(), Map.of());

    PeopleSettings withStepUp(StepUpCheck another) {
        return new PeopleSettings(another, csrfTokens, tools, page);
    }

    PeopleSettings withCsrfTokens(CsrfTokens another) {
        return new PeopleSettings(stepUp, another, tools, page);
    }

    PeopleSettings withTools(ToolCatalogue another) {
        return new PeopleSettings(stepUp, csrfTokens, another, page);
    }

    PeopleSettings withPage() {
        return new PeopleSettings(stepUp, csrfTokens, tools, PageFile.all());
    }
}
