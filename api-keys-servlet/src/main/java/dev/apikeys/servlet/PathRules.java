package dev.apikeys.servlet;

import dev.apikeys.Scope;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.RuleMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each request needs, in the order in which the rules are tried.
 *
 * <p>Immutable and thread-safe.
 */
final class PathRules {

    private final Rule[] rules;

    PathRules(List<Rule> rules) {
        this.rules = rules.toArray(new Rule[0]);
    }

    /** What a rule requires of a request. */
    sealed interface Demand {
        /** Nothing. The credential isn't read. */
        record Nothing() implements Demand {}

        /** A valid key with any scopes. */
        record AnyKey() implements Demand {}

        /** A valid key with this scope. */
        record KeyWith(Scope scope, Problem otherwise) implements Demand {
            static KeyWith of(Scope scope) {
                return new KeyWith(scope, Problem.scopeMissing(scope));
            }
        }
    }

    /**
     * One rule.
     *
     * @param method {@code *} for all
     */
    record Rule(String method, PathPattern pattern, Demand demand) {
        /**
         * Checks the method.
         *
         * @throws IllegalArgumentException if it is not valid, or one that rules never see
         */
        Rule {
            RuleMethod.checked(method);
        }

        /**
         * Rules that require a key also match a path with a slash at its end. A rule that requires nothing doesn't.
         */
        boolean matches(String asked, String path) {
            if (!method.equals(RuleMethod.ANY) && !method.equals(asked)) {
                return false;
            }
            return pattern.matches(path) || (asksForKey() && endsInSlash(path) && pattern.matches(cut(path)));
        }

        boolean asksForKey() {
            return !(demand instanceof Demand.Nothing);
        }

        boolean leavesNothingTo(Rule later) {
            return (method.equals(RuleMethod.ANY) || method.equals(later.method)) && pattern.covers(later.pattern);
        }

        private static boolean endsInSlash(String path) {
            return path.length() > 1 && path.charAt(path.length() - 1) == '/';
        }

        private static String cut(String path) {
            return path.substring(0, path.length() - 1);
        }

        /** Method and pattern. */
        @Override
        public String toString() {
            return method + " " + pattern;
        }
    }

    /** The first rule that matches this request; null if there is none, and the request is denied. */
    @Nullable
    Rule find(String method, String path) {
        String asked = method.equals("HEAD") ? "GET" : method;
        for (Rule rule : rules) {
            if (rule.matches(asked, path)) {
                return rule;
            }
        }
        return null;
    }
}
