package dev.leakverifier.jupiter;

import dev.leakverifier.testing.Contract;
import org.junit.jupiter.api.Test;

class ContractTest {
  @Test
  void isKept() throws Exception {
    Contract.assertKept(getClass());
  }
}
