/**
 * Measures the product beside what people would use instead: on the same durable servers, in turn, in one run.
 *
 * <p>A rate alone says more about the machine than about the code, so every figure has a peer and it is the ratio that
 * counts. Each run proves that the work was done right before its rate is believed.
 */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
