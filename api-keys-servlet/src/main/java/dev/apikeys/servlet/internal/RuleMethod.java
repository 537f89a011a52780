package dev.apikeys.servlet.internal;

import java.util.regex.Pattern;

/** The method of a rule about requests. */
public final class RuleMethod {
    /** For all methods. */
    public static final String ANY = "*";

    private static final Pattern METHOD = Pattern.compile("[A-Z-]{1,32}");

    private RuleMethod() {}

    /**
     * The same method.
     *
     * @throws IllegalArgumentException if it is not valid, or one that rules never see
     */
    public static String checked(String method) {
        if (method.equals("HEAD")) {
            throw new IllegalArgumentException("HEAD needs no rule: it is decided as GET");
        }
        if (!method.equals(ANY) && !METHOD.matcher(method).matches()) {
            throw new IllegalArgumentException("a method is * or has 1 to 32 of A-Z and -: " + method);
        }
        return method;
    }
}
