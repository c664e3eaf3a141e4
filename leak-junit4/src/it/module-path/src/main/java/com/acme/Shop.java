package com.acme;

import dev.leakverifier.LeakVerifier;

/** A user may also look from production code. */
final class Shop {
  int threadsLeft() {
    return LeakVerifier.find().threads().size();
  }
}
