package dev.leakverifier.testng;

import dev.leakverifier.testing.Leaks;
import org.testng.annotations.Test;

/** Tests that depend on ones that leak; TestNG finds no such methods in a nested class. */
public class DependentSample {
  @Test
  public void parent() {
    Leaks.leave("left");
  }

  @Test(groups = "parents")
  public void inAGroup() {
    Leaks.leave("left, too");
  }

  /** Runs before those that depend on others. */
  @Test
  public void plain() {}

  @Test(dependsOnMethods = "parent")
  public void child() {}

  @Test(dependsOnGroups = "parents")
  public void childOfAGroup() {}
}
