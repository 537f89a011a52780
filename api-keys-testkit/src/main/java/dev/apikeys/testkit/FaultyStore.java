package dev.apikeys.testkit;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.spi.ApiKeyStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A real store in which methods can be made to fail. */
final class FaultyStore {
    /** When a method fails. */
    enum Moment {
        BEFORE,
        AFTER
    }

    private final ApiKeyStore real = new InMemoryApiKeyStore();
    private volatile String method = "";
    private volatile Moment moment = Moment.BEFORE;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Object answer;

    private final ApiKeyStore store = (ApiKeyStore) Proxy.newProxyInstance(
            ApiKeyStore.class.getClassLoader(), new Class<?>[] {ApiKeyStore.class}, (proxy, called, arguments) -> {
                boolean fails = called.getName().equals(method);
                if (fails && moment == Moment.BEFORE) {
                    return fail();
                }
                Object result;
                try {
                    result = called.invoke(real, arguments);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
                return fails ? fail() : result;
            });

    private @Nullable Object fail() throws Throwable {
        Throwable planned = failure;
        if (planned != null) {
            throw planned;
        }
        return answer;
    }

    ApiKeyStore store() {
        return store;
    }

    /** Makes a method throw, or answer null where there is nothing to throw. */
    void failAt(String methodName, Moment when, @Nullable Throwable what) {
        failure = what;
        answer = null;
        moment = when;
        method = methodName;
    }

    /** Makes a method do nothing and answer this. */
    void answerAt(String methodName, Object what) {
        failAt(methodName, Moment.BEFORE, null);
        answer = what;
    }

    void heal() {
        method = "";
    }
}
