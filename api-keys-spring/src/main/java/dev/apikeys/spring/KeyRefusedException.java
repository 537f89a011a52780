package dev.apikeys.spring;

import dev.apikeys.servlet.internal.Problem;
import org.springframework.security.core.AuthenticationException;

/** A key that lets nobody in, with the answer to its sender. Holds nothing that was sent. Immutable. */
final class KeyRefusedException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    KeyRefusedException(Problem problem) {
        super("the API key was refused with " + problem.status());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
