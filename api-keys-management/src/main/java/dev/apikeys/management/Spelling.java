package dev.apikeys.management;

import java.util.Locale;

/** How a family writes words that have several parts. */
enum Spelling {
    /** {@code created_at}. */
    SNAKE {
        @Override
        String word(String snake) {
            return snake;
        }
    },
    /** {@code createdAt}. */
    CAMEL {
        @Override
        String word(String snake) {
            StringBuilder camel = new StringBuilder(snake.length());
            boolean capital = false;
            for (int i = 0; i < snake.length(); i++) {
                char c = snake.charAt(i);
                if (c != '_') {
                    camel.append(capital ? Character.toUpperCase(c) : c);
                }
                capital = c == '_';
            }
            return camel.toString();
        }
    };

    /** The word as the family writes it. */
    abstract String word(String snake);

    /** The name of a constant as the family writes it. */
    String word(Enum<?> constant) {
        return word(constant.name().toLowerCase(Locale.ROOT));
    }
}
