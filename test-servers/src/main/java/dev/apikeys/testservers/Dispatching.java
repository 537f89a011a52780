package dev.apikeys.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;

/** Sends on to the target, as the parameters say. */
public final class Dispatching extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String target = request.getParameter("to");
        switch (request.getParameter("how")) {
            case "forward" -> {
                response.setHeader("X-From-Before", "yes");
                response.getWriter().print("[before]");
                request.getRequestDispatcher(target).forward(request, response);
            }
            case "include" -> {
                response.getWriter().print("[before]");
                request.getRequestDispatcher(target).include(request, response);
                response.getWriter().print("[after]");
            }
            case "include-committed" -> {
                response.getWriter().print("[before]");
                response.flushBuffer();
                request.getRequestDispatcher(target).include(request, response);
                response.getWriter().print("[after]");
            }
            case "async" -> request.startAsync().dispatch(target);
            case "async-wrapped" -> request.startAsync(request, response).dispatch(target);
            case "async-committed" -> {
                response.getWriter().print("[before]");
                response.flushBuffer();
                request.startAsync().dispatch(target);
            }
            case "error" -> response.sendError(418);
            default -> throw new ServletException("unknown");
        }
    }

    /** The path of the servlet that sends on, in so many ways, one inside the other. */
    public static String path(String from, String target, String... ways) {
        String path = target;
        for (int i = ways.length - 1; i >= 0; i--) {
            path = (i == 0 ? from : "/public/go") + "?how=" + ways[i] + "&to=" + URLEncoder.encode(path, UTF_8);
        }
        return path;
    }
}
