package dev.apikeys.testservers;

import java.util.List;
import java.util.ServiceLoader;

/** Checks every exchange that a test has by {@link Http} or {@link RawHttp}; found as a service on the class path. */
public interface ExchangeCheck {
    /** Fails where the exchange is not as it must be. */
    void check(Exchange exchange);

    /** Has all checks look at an exchange. */
    static void all(Exchange exchange) {
        Registered.CHECKS.forEach(check -> check.check(exchange));
    }

    /** The checks of this class path. */
    final class Registered {
        private static final List<ExchangeCheck> CHECKS = ServiceLoader.load(ExchangeCheck.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();

        private Registered() {}
    }
}
