package dev.leakverifier.junit4;

import dev.leakverifier.testing.Contract;
import org.junit.Test;

public class ContractTest {
  @Test
  public void isKept() throws Exception {
    Contract.assertKept(getClass());
  }
}
