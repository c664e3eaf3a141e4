module com.acme.shop {
  requires dev.leakverifier.testng;

  exports com.acme; // TestNG makes the listener
}
