package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.ApiKeyStoreContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The contract finds the faults of stores: each of its tests that is named here fails where it has to. */
@Tag("tr-skip") // A fault knows no locale.
class WrongStoreTest {
    private static final String WHICH = "dev.apikeys.wrong-store";

    @ParameterizedTest
    @EnumSource
    void contract_ofAWrongStore_failsInTheTestsThatFindTheFault(WrongStore wrong) {
        for (String test : wrong.foundBy()) {
            TestExecutionSummary summary = run(wrong, test);

            assertThat(summary.getTestsStartedCount()).as(test).isEqualTo(1);
            assertThat(summary.getFailures())
                    .as(test)
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.getException()).isInstanceOf(AssertionError.class));
        }
    }

    private static TestExecutionSummary run(WrongStore wrong, String test) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        request()
                                .selectors(selectMethod(Contract.class, test))
                                .configurationParameter(WHICH, wrong.name())
                                .build(),
                        listener);
        return listener.getSummary();
    }

    /** Run by the test above only: no build looks for tests in nested classes. */
    @ExtendWith(Which.class)
    static final class Contract extends ApiKeyStoreContract {
        private final WrongStore wrong;

        Contract(WrongStore wrong) {
            this.wrong = wrong;
        }

        @Override
        protected ApiKeyStore createStore() {
            return wrong.create();
        }
    }

    /** Gives the contract the store that the request names. */
    static final class Which implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == WrongStore.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return WrongStore.valueOf(context.getConfigurationParameter(WHICH).orElseThrow());
        }
    }
}
