package dev.apikeys;

import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.util.concurrent.atomic.AtomicLong;

/** SHA-256 of the JDK, counted, for everything that asks for the algorithm until this is closed. */
final class CountingSha256 implements AutoCloseable {
    private static final String NAME = "CountingSha256";
    private static final ThreadLocal<AtomicLong> COUNT = ThreadLocal.withInitial(AtomicLong::new);

    private CountingSha256() {}

    static CountingSha256 install() {
        Security.insertProviderAt(new Counting(), 1);
        return new CountingSha256();
    }

    /** How many digests this thread made in the step. */
    long during(Runnable step) {
        long before = COUNT.get().get();
        step.run();
        return COUNT.get().get() - before;
    }

    @Override
    public void close() {
        Security.removeProvider(NAME);
        COUNT.remove();
    }

    private static final class Counting extends Provider {
        private static final long serialVersionUID = 1;

        Counting() {
            super(NAME, "1", "counts");
            putService(new Service(this, "MessageDigest", "SHA-256", Digest.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    return new Digest();
                }
            });
        }
    }

    /** Hands everything to the JDK's own. */
    private static final class Digest extends MessageDigestSpi {
        private final MessageDigest real;

        Digest() throws NoSuchAlgorithmException {
            try {
                real = MessageDigest.getInstance("SHA-256", "SUN");
            } catch (NoSuchProviderException notThisJdk) {
                throw new NoSuchAlgorithmException(notThisJdk);
            }
        }

        @Override
        protected void engineUpdate(byte input) {
            real.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            real.update(input, offset, length);
        }

        @Override
        protected byte[] engineDigest() {
            COUNT.get().incrementAndGet();
            return real.digest();
        }

        @Override
        protected void engineReset() {
            real.reset();
        }
    }
}
