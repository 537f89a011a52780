package dev.apikeys.management;

import dev.apikeys.servlet.internal.Problem;
import java.util.List;
import java.util.Map;

/** Why a management call was not carried out. Headers are the same in every family. The codec writes the body. */
sealed interface ManagementProblem {
    /** Headers that the answer must carry. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** Problems that need only their name. The status is the usual one. A family may have a more specific one. */
    enum Plain implements ManagementProblem {
        MALFORMED(400),
        SEVERAL_CREDENTIALS(400, "WWW-Authenticate", "Bearer error=\"invalid_request\""),
        UNAUTHENTICATED(401, "WWW-Authenticate", "Bearer"),
        INVALID_TOKEN(401, "WWW-Authenticate", "Bearer error=\"invalid_token\""),
        FORBIDDEN(403),
        UNKNOWN_ROUTE(404),
        KEY_NOT_FOUND(404),
        CONFLICT(409),
        NAME_TAKEN(409),
        TOO_LARGE(413),
        UNSUPPORTED_TYPE(415),
        UPGRADE_REQUIRED(403),
        /** Only a filter in front says so. */
        RATE_LIMITED(429),
        INTERNAL(500),
        UNAVAILABLE(503, "Retry-After", "1"),
        STORE_TIMED_OUT(503, "Retry-After", "1"),
        /** The host's user directory can't be asked. */
        IDENTITY_FAILED(503, "Retry-After", "1"),
        IDENTITY_TIMED_OUT(503, "Retry-After", "1"),
        /** The identity service of the step-up can't be asked. Families have different statuses for it. */
        STEP_UP_UNAVAILABLE(502);

        private final int status;
        private final String header;
        private final String value;

        Plain(int status) {
            this(status, "", "");
        }

        Plain(int status, String header, String value) {
            this.status = status;
            this.header = header;
            this.value = value;
        }

        int status() {
            return status;
        }

        /** What a filter in front has refused. */
        static Plain of(Problem problem) {
            return switch (problem.status()) {
                case 400 -> problem == Problem.SEVERAL_CREDENTIALS ? SEVERAL_CREDENTIALS : MALFORMED;
                case 401 -> UNAUTHENTICATED;
                case 403 -> FORBIDDEN;
                case 429 -> RATE_LIMITED;
                case 503 -> UNAVAILABLE;
                default -> INTERNAL;
            };
        }

        /** Tells whether this is a failure of the server, which is logged. */
        boolean isFault() {
            return status >= INTERNAL.status;
        }

        @Override
        public Map<String, String> headers() {
            return header.isEmpty() ? Map.of() : Map.of(header, value);
        }
    }

    /** The path exists, the method does not. */
    record MethodNotAllowed(String allow) implements ManagementProblem {
        @Override
        public Map<String, String> headers() {
            return Map.of("Allow", allow);
        }
    }

    /** Every field that was wrong. */
    record Invalid(List<Violation> violations) implements ManagementProblem {
        public Invalid {
            violations = List.copyOf(violations);
        }
    }

    /** The owner has as many active keys as allowed. */
    record LimitReached(int limit) implements ManagementProblem {}
}
