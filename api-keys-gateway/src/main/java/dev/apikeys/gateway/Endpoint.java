package dev.apikeys.gateway;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** One endpoint of the servlet. */
interface Endpoint {
    /** The methods that it answers, for {@code Allow}; empty for all. */
    String methods();

    /**
     * Answers a request.
     *
     * @param below what follows the endpoint in the path, as it was sent; empty or beginning with a slash
     */
    void answer(HttpServletRequest request, HttpServletResponse response, String below) throws IOException;
}
