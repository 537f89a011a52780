package dev.apikeys;

/** Whether an owner may have two active keys of one kind and one name. */
public enum NameRule {
    /** Names are only for people. */
    ANY,
    /** Two active keys of one owner and kind never have the same name, compared exactly. */
    UNIQUE
}
