package dev.leakverifier.profile;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snippets of docs/production.md about profiles, word for word. Compiled only. */
final class ProductionSamples {
  private static final Logger log = LoggerFactory.getLogger(ProductionSamples.class);

  private final Runnable service;

  ProductionSamples(Runnable service) {
    this.service = service;
  }

  void difference() {
    ThreadProfile before = ThreadProfile.capture();
    service.run();
    ThreadProfile growth = ThreadProfile.capture().minus(before);
    log.info("{} more threads\n{}", growth.total(), growth.toText());
  }

  void overHttp() throws IOException {
    System.setProperty("sun.net.httpserver.maxReqTime", "5"); // seconds to send a request
    System.setProperty("sun.net.httpserver.maxRspTime", "90"); // to wait for the answer and read it
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 6060), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/debug/threads", new ThreadProfileHandler());
    server.start();
  }
}
