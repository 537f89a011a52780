package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;

/**
 * What people do with keys in every family that creates them.
 *
 * @param list the keys that they may see
 * @param create a new key
 * @param change another name, grant, expiry or addresses
 * @param rotate a new token
 * @param pause the key stops working for a while
 * @param resume the end of that
 * @param revoke the end of the key
 */
record KeyCommands(
        Command<KeyList> list,
        Command<IssuedKey> create,
        Command<ApiKey> change,
        Command<IssuedKey> rotate,
        Command<ApiKey> pause,
        Command<ApiKey> resume,
        Command<ApiKey> revoke) {
    /** The commands of a family, which differ in what they read. */
    static KeyCommands of(KeyService keys, StepUpCheck stepUp, Readers readers) {
        return new KeyCommands(
                new ListKeys(keys, readers.list()),
                new CreateKey(keys, stepUp, readers.spec()),
                new ChangeKey(keys, stepUp, readers.update()),
                new RotateKey(keys, stepUp),
                new PauseKey(keys),
                new ResumeKey(keys),
                new RevokeKey(keys));
    }

    /**
     * How a family reads its fields.
     *
     * @param list of a list
     * @param spec of a new key
     * @param update of a change
     */
    record Readers(ListReader list, CreateKey.SpecReader spec, ChangeKey.UpdateReader update) {}
}
