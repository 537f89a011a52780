package dev.apikeys.spring;

import dev.apikeys.servlet.internal.Problem;
import java.util.UUID;
import org.springframework.security.core.AuthenticationException;

/** A key that lets nobody in, with the answer to its sender. Holds nothing that was sent. Immutable. */
final class KeyRefusedException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    KeyRefusedException(Problem problem) {
        super("the API key was refused with " + problem.status());
        this.problem = problem;
    }

    static Problem problem(AuthenticationException failure) {
        return failure instanceof KeyRefusedException refused
                ? refused.problem
                : Problem.internalError(UUID.randomUUID().toString());
    }
}
