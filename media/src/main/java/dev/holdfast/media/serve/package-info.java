/**
 * Images over HTTP: bytes that never change under their address, whole or in parts, as cheaply as the kernel can send them.
 */
@NullMarked
package dev.holdfast.media.serve;

import org.jspecify.annotations.NullMarked;
