package io.github.safeconsumer.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class OrderFeedTest {
  static final List<Scale> SCALES = List.of(Scale.FULL, Scale.SHORT);

  @ParameterizedTest
  @FieldSource("SCALES")
  void shouldHoldAsManyOfEachKindAsTheScaleSays(Scale scale) {
    OrderFeed feed = new OrderFeed(scale);

    assertThat(feed.total(Kind.MALFORMED)).isEqualTo(scale.partitions() * scale.malformed());
    assertThat(feed.total(Kind.UNKNOWN_CUSTOMER))
        .isEqualTo(scale.partitions() * scale.unknownCustomers());
    assertThat(feed.total(Kind.DECLINED_TWICE)).isEqualTo(scale.partitions() * scale.declined());
    assertThat(feed.total(Kind.SLOW)).isEqualTo(scale.partitions() * scale.slow());
  }

  @ParameterizedTest
  @FieldSource("SCALES")
  void shouldPutTheSlowOrdersOfAPartitionInOneStretch(Scale scale) {
    OrderFeed feed = new OrderFeed(scale);
    for (int partition = 0; partition < scale.partitions(); partition++) {
      int p = partition;
      List<Integer> slow =
          IntStream.range(0, scale.orders())
              .filter(offset -> feed.kind(p, offset) == Kind.SLOW)
              .boxed()
              .toList();
      assertThat(slow.get(slow.size() - 1) - slow.get(0) + 1).isEqualTo(scale.slow());
    }
  }

  @Test
  void shouldWriteBodiesThatAreOrdersExceptTheMalformedOnes() throws IOException {
    OrderFeed feed = new OrderFeed(Scale.SHORT);
    ObjectMapper json = new ObjectMapper();
    for (int offset = 0; offset < Scale.SHORT.orders(); offset++) {
      byte[] body = feed.body(0, offset);
      if (feed.kind(0, offset) == Kind.MALFORMED) {
        assertThatThrownBy(() -> json.readValue(body, Order.class))
            .isInstanceOf(JsonProcessingException.class);
      } else {
        Order order = json.readValue(body, Order.class);
        assertThat(order.id()).isEqualTo(new String(feed.key(0, offset)));
        assertThat(order.customer() > Fulfilment.CUSTOMERS)
            .isEqualTo(feed.kind(0, offset) == Kind.UNKNOWN_CUSTOMER);
      }
    }
  }

  @Test
  void shouldWriteTheSameBytesEveryTime() {
    assertThat(new OrderFeed(Scale.FULL).body(2, 4711))
        .isEqualTo(new OrderFeed(Scale.FULL).body(2, 4711));
  }
}
