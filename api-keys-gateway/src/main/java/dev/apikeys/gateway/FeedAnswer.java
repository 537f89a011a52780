package dev.apikeys.gateway;

import dev.apikeys.spi.ChangeBatch;
import java.time.Duration;

/**
 * What a relay answers to the question for changes.
 *
 * @param question the random text of the question, which shows that the answer was made after it
 * @param lag how old an answer can be while nothing fails
 * @param batch with the age of the answer
 */
record FeedAnswer(String question, Duration lag, ChangeBatch batch) {}
