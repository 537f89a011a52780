package dev.apikeys.jdbi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Real connections of which single calls can be watched, made to fail or answered differently. */
final class InterceptedDataSource {
    private InterceptedDataSource() {}

    /** What to do instead of a call on a connection. */
    @FunctionalInterface
    interface Interceptor {
        /** Answers the call, mostly by {@link Call#proceed}. */
        Object intercept(Call call) throws Throwable;
    }

    /** A call on a connection. */
    static final class Call {
        private final Connection connection;
        private final Method method;
        private final Object[] arguments;

        private Call(Connection connection, Method method, Object[] arguments) {
            this.connection = connection;
            this.method = method;
            this.arguments = arguments;
        }

        Connection connection() {
            return connection;
        }

        String name() {
            return method.getName();
        }

        Object argument(int index) {
            return arguments[index];
        }

        Object proceed() throws Throwable {
            return invoke(connection, method, arguments);
        }
    }

    static DataSource of(DataSource real, Interceptor interceptor) {
        return perConnection(real, () -> interceptor);
    }

    /** With an interceptor of its own for each connection. */
    static DataSource perConnection(DataSource real, Supplier<Interceptor> interceptors) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = invoke(real, method, arguments);
            return result instanceof Connection connection ? intercepted(connection, interceptors.get()) : result;
        });
    }

    /** A data source that always gives the same connection. */
    static DataSource answering(Connection only) {
        return proxy(DataSource.class, (proxy, method, arguments) -> only);
    }

    /** The same database under another name. */
    static DataSource named(DataSource real, String product) {
        return of(real, call -> {
            if (!call.name().equals("getMetaData")) {
                return call.proceed();
            }
            Object metaData = call.proceed();
            return proxy(
                    DatabaseMetaData.class,
                    (proxy, method, arguments) -> method.getName().equals("getDatabaseProductName")
                            ? product
                            : invoke(metaData, method, arguments));
        });
    }

    private static Connection intercepted(Connection connection, Interceptor interceptor) {
        return proxy(
                Connection.class,
                (proxy, method, arguments) -> interceptor.intercept(new Call(connection, method, arguments)));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
