package dev.apikeys.benchmarks;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What the library sends, statement by statement with its parameters, to be sent again by plain JDBC: so the comparison
 * can't fall behind the library.
 *
 * <p>Not thread-safe: record on one thread.
 */
final class RecordedSql {
    private final List<Statement> statements = new ArrayList<>();

    /** One statement; the parameters from number 1. */
    record Statement(String sql, Map<Integer, @Nullable Object> parameters) {}

    /** The same database, watched. */
    DataSource watch(DataSource real) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object answer = call(real, method, arguments);
            return answer instanceof Connection connection ? watched(connection) : answer;
        });
    }

    void forget() {
        statements.clear();
    }

    /** Those that begin with one of these words, in the order in which they were sent. */
    List<Statement> beginningWith(String... words) {
        return statements.stream()
                .filter(statement -> Arrays.stream(words).anyMatch(statement.sql::startsWith))
                .toList();
    }

    private Connection watched(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object answer = call(connection, method, arguments);
            if (answer instanceof PreparedStatement prepared && arguments != null) {
                Statement statement = new Statement((String) arguments[0], new TreeMap<>());
                statements.add(statement);
                return watched(prepared, statement);
            }
            return answer;
        });
    }

    private static PreparedStatement watched(PreparedStatement prepared, Statement statement) {
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (arguments != null && arguments.length >= 2 && arguments[0] instanceof Integer number) {
                statement.parameters.put(number, method.getName().equals("setNull") ? null : arguments[1]);
            }
            return call(prepared, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
