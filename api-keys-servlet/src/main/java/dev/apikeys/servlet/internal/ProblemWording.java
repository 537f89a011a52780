package dev.apikeys.servlet.internal;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;

/**
 * How a servlet of this library says what a filter refuses in front of it. Its clients know one envelope, whoever answers.
 * The servlet leaves it with the servlet context under its own name, once it is initialized.
 */
@FunctionalInterface
public interface ProblemWording {
    /** The body for the problem. */
    byte[] bodyOf(Problem problem);

    /** Leaves the wording of the servlet with this name. */
    static void put(ServletContext context, String servlet, ProblemWording wording) {
        context.setAttribute(attribute(servlet), wording);
    }

    /** Takes the wording of the servlet with this name away. */
    static void remove(ServletContext context, String servlet) {
        context.removeAttribute(attribute(servlet));
    }

    /** The problem in the words of the servlet that the request is for, or else as it is. */
    static Problem worded(Problem problem, HttpServletRequest request) {
        try {
            HttpServletMapping target = request.getHttpServletMapping();
            return target != null
                            && request.getServletContext().getAttribute(attribute(target.getServletName()))
                                    instanceof ProblemWording wording
                    ? problem.with(wording.bodyOf(problem))
                    : problem;
        } catch (RuntimeException unknown) {
            // Whatever a wrapper of the host throws: the request is refused all the same.
            return problem;
        }
    }

    private static String attribute(String servlet) {
        return ProblemWording.class.getName() + "." + servlet;
    }
}
