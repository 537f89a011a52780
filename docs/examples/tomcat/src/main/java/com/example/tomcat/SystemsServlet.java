package com.example.tomcat;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

// tag::servlet[]
/** Knows whose key it was, and asks for one more scope. */
@WebServlet("/systems/*")
public final class SystemsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean mayChange = request.isUserInRole("manage:systems");
        response.setContentType("text/plain");
        response.getWriter().print(request.getUserPrincipal().getName() + (mayChange ? " may change" : " may read"));
    }
}
// end::servlet[]
