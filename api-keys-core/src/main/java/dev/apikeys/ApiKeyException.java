package dev.apikeys;

/**
 * The base class of all exceptions that callers can meet at run time. Messages contain ids and rules, never a token, a
 * secret or a hash. Arguments that break a documented rule are {@link IllegalArgumentException}s instead.
 */
public abstract sealed class ApiKeyException extends RuntimeException
        permits ConcurrentChangeException,
                DuplicateKeyException,
                ExpiryNotAllowedException,
                InvalidKeyStateException,
                KeyLimitExceededException,
                KeyNotFoundException,
                KeyRejectedException,
                NameTakenException,
                OwnerDirectoryUnavailableException,
                OwnerInactiveException,
                ScopeNotGrantableException,
                StoreUnavailableException {
    private static final long serialVersionUID = 1L;

    ApiKeyException(String message) {
        super(message);
    }

    ApiKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
