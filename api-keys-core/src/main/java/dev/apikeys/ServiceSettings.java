package dev.apikeys;

/** The settings of a service that its callers can read. */
record ServiceSettings(TokenFormat format, KeyPolicy policy, LeasePolicy lease) {}
