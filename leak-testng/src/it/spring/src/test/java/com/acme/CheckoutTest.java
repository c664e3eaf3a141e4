package com.acme;

import static org.testng.Assert.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.testng.AbstractTestNGSpringContextTests;
import org.testng.annotations.Test;

@ContextConfiguration(classes = ShopConfig.class)
public class CheckoutTest extends AbstractTestNGSpringContextTests {
  @Autowired private DataSource shop;

  @Test
  public void pays() throws SQLException {
    try (Connection connection = shop.getConnection()) {
      assertTrue(connection.isValid(1));
    }
  }
}
