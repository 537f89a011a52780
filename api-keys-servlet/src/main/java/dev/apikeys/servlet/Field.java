package dev.apikeys.servlet;

/** What a management call can take, by meaning; each family has names of its own for them. */
enum Field {
    /** Which key, in a path or as a filter. */
    KEY,
    NAME,
    MODE,
    LIFETIME_DAYS,
    PASSWORD,
    PAGE,
    PAGE_SIZE,
    EVENT
}
