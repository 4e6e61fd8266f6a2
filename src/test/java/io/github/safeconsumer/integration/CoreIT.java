package io.github.safeconsumer.integration;

import io.github.safeconsumer.support.SharedKafka;

/** On the broker that all tests share. */
class CoreIT extends CoreScenarios {
  @Override
  String bootstrapServers() {
    return SharedKafka.bootstrapServers();
  }
}
