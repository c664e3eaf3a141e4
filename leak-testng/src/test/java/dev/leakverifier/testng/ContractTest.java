package dev.leakverifier.testng;

import dev.leakverifier.testing.Contract;
import org.testng.annotations.Test;

public class ContractTest {
  @Test
  public void isKept() throws Exception {
    Contract.assertKept(getClass());
  }
}
