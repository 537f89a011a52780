package dev.apikeys.gateway;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** One endpoint of the servlet. */
interface Endpoint {
    /** For endpoints that take a body. */
    List<String> POST = List.of("POST");

    /** The methods that it answers; empty for all. */
    List<String> methods();

    /**
     * Answers a request.
     *
     * @param below what follows the endpoint in the path, as it was sent; empty or beginning with a slash
     */
    void answer(HttpServletRequest request, HttpServletResponse response, String below) throws IOException;
}
