package com.acme;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;

/** A request without a timeout. */
final class Quotes {
  private final URL server;

  Quotes(URL server) {
    this.server = server;
  }

  void load() {
    new Thread(this::request, "quotes").start();
  }

  private void request() {
    try (InputStream answer = server.openStream()) { // waits as long as the server is silent
      System.Logger log = System.getLogger("quotes");
      log.log(System.Logger.Level.INFO, answer.readAllBytes().length + " bytes");
    } catch (IOException e) {
      Thread.currentThread().interrupt();
    }
  }
}
