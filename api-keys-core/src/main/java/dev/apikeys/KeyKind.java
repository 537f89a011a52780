package dev.apikeys;

/** What sort of owner a key acts for. Limits, lists and lifetimes are counted by kind. */
public enum KeyKind {
    /** Acts for one user. */
    PERSONAL,
    /** Acts for one user inside a workspace. */
    WORKSPACE,
    /** Acts for an organization as a whole. */
    ORGANIZATION
}
