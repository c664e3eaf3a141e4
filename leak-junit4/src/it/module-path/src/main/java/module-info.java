module com.acme.shop {
  requires dev.leakverifier.core;
  requires dev.leakverifier.junit4;
  requires junit;

  opens com.acme; // JUnit reads the test
}
