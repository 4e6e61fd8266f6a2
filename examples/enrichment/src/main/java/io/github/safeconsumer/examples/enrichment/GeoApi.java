package io.github.safeconsumer.examples.enrichment;

import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RetryAfter;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The client of the API. What an answer means for the record is decided here, by the exception: an
 * {@link IOException} is an outage, {@link NonRetryableException} a dead letter, and {@link
 * RetryAfter} says when to come again.
 */
final class GeoApi {
  /** Of a call, whatever it answers. */
  static final double PRICE = 0.02;

  /** The API wants to be left alone for a while. */
  static final class TooManyRequests extends Exception implements RetryAfter {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    TooManyRequests(Duration wait) {
      super("429, come again after " + wait);
      this.wait = wait;
    }

    @Override
    public Duration retryAfter() {
      return wait;
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final URI address;

  GeoApi(URI address) {
    this.address = address;
  }

  String locate(String place) throws IOException, InterruptedException, TooManyRequests {
    HttpRequest request =
        HttpRequest.newBuilder(
                address.resolve("?place=" + URLEncoder.encode(place, StandardCharsets.UTF_8)))
            .timeout(Duration.ofSeconds(10)) // an HttpTimeoutException is an IOException
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    int status = response.statusCode();
    if (status == 200) {
      return response.body();
    }
    if (status == 400 || status == 422) {
      throw new NonRetryableException("the API answers " + status + ": it is this place");
    }
    if (status == 429) {
      String seconds = response.headers().firstValue("Retry-After").orElse("1");
      throw new TooManyRequests(Duration.ofSeconds(Long.parseLong(seconds)));
    }
    // 503 above all. 401 as well: an expired key is not the fault of a record either.
    throw new IOException("the API answers " + status);
  }
}
