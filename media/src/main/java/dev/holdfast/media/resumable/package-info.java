/**
 * Uploads that go on after a break, by the protocol <a href="https://tus.io/protocols/resumable-upload">tus 1.0.0</a>.
 *
 * <p>An offset that a client was told is never taken back: these bytes survive a crash and a power cut. An upload has one writer at a
 * time. When its last byte has come it is looked at and kept as any other; who has missed the answer asks again.
 */
@NullMarked
package dev.holdfast.media.resumable;

import org.jspecify.annotations.NullMarked;
