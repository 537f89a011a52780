package dev.apikeys.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the database is.
 *
 * @param url for the driver; holds no password
 * @param driver the class of the driver
 */
record DatabaseAddress(String url, String driver) {
    private static final Pattern PARAMETER = Pattern.compile("[?&;]([^=&;?]*)=([^&;]+)");
    private static final Pattern USER_INFO = Pattern.compile("^jdbc:[a-z:]+//[^/?;@]*:[^/?;@]*@");
    private static final Pattern SECRET = Pattern.compile("(?i).*(password|passwd|pwd|passphrase)");

    /**
     * Reads an address.
     *
     * @throws CommandException when it holds a password, or is of another kind of database; the message doesn't show it
     */
    static DatabaseAddress of(String url) {
        Matcher parameter = PARAMETER.matcher(url);
        while (parameter.find()) {
            if (SECRET.matcher(parameter.group(1)).matches()) {
                throw withPassword("in the parameter " + parameter.group(1).toLowerCase(Locale.ROOT));
            }
        }
        if (USER_INFO.matcher(url).find()) {
            throw withPassword("before the @");
        }
        if (url.startsWith("jdbc:postgresql:")) {
            return new DatabaseAddress(url, "org.postgresql.Driver");
        } else if (url.startsWith("jdbc:mariadb:")) {
            return new DatabaseAddress(url, "org.mariadb.jdbc.Driver");
        } else if (url.startsWith("jdbc:mysql:")) {
            // MariaDB's driver speaks to MySQL, and takes such an address only under its own name.
            return new DatabaseAddress(
                    "jdbc:mariadb:" + url.substring("jdbc:mysql:".length()), "org.mariadb.jdbc.Driver");
        } else if (url.startsWith("jdbc:h2:")) {
            return new DatabaseAddress(url, "org.h2.Driver");
        }
        throw CommandException.usage(
                "the URL begins with none of jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql: and jdbc:h2:");
    }

    /** The same for a database that must exist: H2 would make a file for a mistyped name. */
    DatabaseAddress existing() {
        boolean isFile = url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:h2:mem:");
        return isFile && !url.toUpperCase(Locale.ROOT).contains("IFEXISTS=")
                ? new DatabaseAddress(url + ";IFEXISTS=TRUE", driver)
                : this;
    }

    private static CommandException withPassword(String where) {
        return CommandException.usage("the URL holds a password " + where + ", which others can read while the command"
                + " runs. Remove it and set APIKEYS_DB_PASSWORD, or use --password-file. Change the password if others"
                + " may have seen it");
    }
}
