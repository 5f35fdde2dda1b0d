package dev.holdfast.product.feed;

/** What a message's bytes turned out to be. */
sealed interface Parsed permits ProductChange, SnapshotMark, Rejection {}
