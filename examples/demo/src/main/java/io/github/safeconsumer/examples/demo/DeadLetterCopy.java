package io.github.safeconsumer.examples.demo;

import java.util.Arrays;

/**
 * One record of the dead-letter topic, as far as the verdict looks at it.
 *
 * @param topic where the original stands, by the headers
 * @param partition its partition there
 * @param offset its offset there
 * @param key raw key bytes
 * @param value raw value bytes
 */
record DeadLetterCopy(String topic, int partition, long offset, byte[] key, byte[] value) {

  boolean carries(byte[] expectedKey, byte[] expectedValue) {
    return Arrays.equals(key, expectedKey) && Arrays.equals(value, expectedValue);
  }
}
