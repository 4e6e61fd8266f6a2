/**
 * Records enriched by an API that costs money; enter at {@link
 * io.github.safeconsumer.examples.enrichment.Enrichment}.
 */
package io.github.safeconsumer.examples.enrichment;
