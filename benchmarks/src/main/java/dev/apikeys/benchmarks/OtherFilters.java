package dev.apikeys.benchmarks;

import com.nimbusds.jose.crypto.MACVerifier;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The filters that the library's is compared with. */
final class OtherFilters {
    private OtherFilters() {}

    /** Allows requests with one fixed text. It is the least that a filter can do. */
    static final class Trivial extends HttpFilter {
        private static final long serialVersionUID = 1;

        private final String expected;

        Trivial(String token) {
            this.expected = "Bearer " + token;
        }

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request.getServletPath().equals("/cpu") || expected.equals(request.getHeader("Authorization"))) {
                chain.doFilter(request, response);
            } else {
                response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
            }
        }
    }

    /** Allows requests with a token that is signed with our key and not expired. */
    static final class Jwt extends HttpFilter {
        private static final long serialVersionUID = 1;

        private final transient MACVerifier verifier = JwtKey.nimbusVerifier();

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request.getServletPath().equals("/cpu") || isGood(request.getHeader("Authorization"))) {
                chain.doFilter(request, response);
            } else {
                response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
            }
        }

        private boolean isGood(@Nullable String header) {
            return header != null
                    && header.startsWith("Bearer ")
                    && JwtKey.claims(header.substring("Bearer ".length()), verifier) != null;
        }
    }
}
