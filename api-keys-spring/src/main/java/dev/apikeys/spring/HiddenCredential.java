package dev.apikeys.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.GenericFilterBean;

/**
 * A request whose {@code Authorization} isn't seen until {@link RevealFilter}: the key in it was verified, and Spring's
 * filter for other bearer tokens would refuse it.
 *
 * <p>Not thread-safe: the filters of a request follow each other.
 */
final class HiddenCredential extends HttpServletRequestWrapper {
    private static final String ATTRIBUTE = HiddenCredential.class.getName();

    private boolean hidden = true;

    HiddenCredential(HttpServletRequest request) {
        super(request);
        request.setAttribute(ATTRIBUTE, this);
    }

    @Override
    public @Nullable String getHeader(String name) {
        return isHidden(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    private boolean isHidden(String name) {
        return hidden && name.equalsIgnoreCase("Authorization");
    }

    /** Shows the header again. */
    static final class RevealFilter extends GenericFilterBean {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request.getAttribute(ATTRIBUTE) instanceof HiddenCredential credential) {
                credential.hidden = false;
            }
            chain.doFilter(request, response);
        }
    }
}
