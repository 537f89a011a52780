package dev.apikeys.management;

/**
 * What people ask about keys beside lists.
 *
 * @param settings what applies to keys
 * @param audit what happened to them
 */
record KeyEnquiries(Command<KeySettings> settings, Command<ReadAudit.Trail> audit) {}
