package io.github.safeconsumer.internal.metadata;

/**
 * A note in the form in which it can be committed.
 *
 * @param text the metadata; empty when not even the fixed part fits
 * @param complete whether it says everything
 * @param droppedRanges how many done ranges it leaves out: their records are repeated after a death
 * @param droppedRetries how many retry entries it leaves out: their attempts would count anew
 * @param wantedChars what everything takes, to be compared with the limit. Where the number of
 *     ranges is nearer to its own bound than the text to the limit, that share of the limit
 */
public record Fitted(
    String text, boolean complete, int droppedRanges, int droppedRetries, int wantedChars) {}
