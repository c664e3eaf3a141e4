package com.acme;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.testng.AbstractTestNGSpringContextTests;
import org.testng.annotations.Test;

/** Its own thread uses a bean of the cached context, which does not end it. */
@ContextConfiguration(classes = ShopConfig.class)
public class BorrowingTest extends AbstractTestNGSpringContextTests {
  @Autowired private DataSource shop;

  @Test
  public void watches() throws SQLException {
    DataSource watched = shop;
    Thread watcher = new Thread(() -> watch(watched), "watcher");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void watch(DataSource watched) {
    try (Connection connection = watched.getConnection()) {
      new CountDownLatch(1).await();
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
