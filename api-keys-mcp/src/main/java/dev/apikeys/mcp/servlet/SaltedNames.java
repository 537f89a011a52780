package dev.apikeys.mcp.servlet;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Names in objects, or ids of a kind, each once in its object. Strangers choose them, so the hash is salted: nobody can choose many that
 * fall on one place, as one can with {@link String#hashCode()}, and each costs the same.
 *
 * <p>Not thread-safe while names are added.
 */
final class SaltedNames {
    private static final long SALT = new SecureRandom().nextLong();
    /** The multiplier of the JDK's {@code L64X128MixRandom}. */
    private static final long MULTIPLIER = 0xd1342543de82ef95L;

    private static final int FIRST_CAPACITY = 8;

    private String[] names = new String[FIRST_CAPACITY];
    private int[] objects = new int[FIRST_CAPACITY];
    private int[] hashes = new int[FIRST_CAPACITY];
    /** Twice as many as there may be names: the number of a name plus one, or 0 where there is none. */
    private int[] places = new int[2 * FIRST_CAPACITY];

    private int size;

    /**
     * Adds a name.
     *
     * @return false if it was there
     */
    boolean add(int object, String name) {
        if (size == names.length) {
            grow();
        }
        int hash = hash(object, name);
        int place = place(hash, object, name);
        if (places[place] != 0) {
            return false;
        }
        names[size] = name;
        objects[size] = object;
        hashes[size] = hash;
        places[place] = ++size;
        return true;
    }

    /** Which name this is, from 0 in the order of arrival; -1 if it isn't there. */
    int indexOf(int object, String name) {
        return places[place(hash(object, name), object, name)] - 1;
    }

    String get(int index) {
        return names[index];
    }

    int size() {
        return size;
    }

    /** Where the name is, or the free place where it would be. */
    private int place(int hash, int object, String name) {
        int place = hash & places.length - 1;
        while (places[place] != 0) {
            int at = places[place] - 1;
            if (hashes[at] == hash && objects[at] == object && names[at].equals(name)) {
                return place;
            }
            place = place + 1 & places.length - 1;
        }
        return place;
    }

    private void grow() {
        int capacity = 2 * names.length;
        names = Arrays.copyOf(names, capacity);
        objects = Arrays.copyOf(objects, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        places = new int[2 * capacity];
        for (int i = 0; i < size; i++) {
            places[place(hashes[i], objects[i], names[i])] = i + 1;
        }
    }

    private static int hash(int object, String name) {
        long hash = SALT ^ object;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * MULTIPLIER;
            // Or the upper bits would never reach the lower ones, and those don't depend on the whole salt.
            hash ^= hash >>> 32;
        }
        return (int) ((hash * MULTIPLIER) >>> 32);
    }
}
