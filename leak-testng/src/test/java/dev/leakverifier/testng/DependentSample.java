package dev.leakverifier.testng;

import dev.leakverifier.testing.Leaks;
import org.testng.annotations.Test;

/** A test that depends on one that leaks; TestNG finds no such methods in a nested class. */
public class DependentSample {
  @Test
  public void parent() {
    Leaks.leave("left");
  }

  @Test(dependsOnMethods = "parent")
  public void child() {}
}
