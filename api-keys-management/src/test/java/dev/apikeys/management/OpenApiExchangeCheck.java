package dev.apikeys.management;

import dev.apikeys.testservers.Exchange;
import dev.apikeys.testservers.ExchangeCheck;

/** Has {@link OpenApiCheck} look at every exchange of a test; registered as a service. */
public final class OpenApiExchangeCheck implements ExchangeCheck {
    /** For the service loader. */
    public OpenApiExchangeCheck() {}

    @Override
    public void check(Exchange exchange) {
        OpenApiCheck.Answer answer = new OpenApiCheck.Answer(
                exchange.method(), exchange.path(), exchange.status(), exchange.headers(), exchange.body());
        OpenApiCheck.check(answer);
        if (exchange.sent() != null) {
            OpenApiCheck.checkAccepted(exchange.sent(), answer);
        }
    }
}
