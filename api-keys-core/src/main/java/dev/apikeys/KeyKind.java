package dev.apikeys;

/** The kind of owner that a key acts for. Each kind has its own limits and lists. */
public enum KeyKind {
    /** Acts for one user. */
    PERSONAL,
    /** Acts for one user inside a workspace. */
    WORKSPACE,
    /** Acts for an organization as a whole. */
    ORGANIZATION
}
