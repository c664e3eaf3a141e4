package com.acme;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** A shop with a database, a mailer, and work that comes round every second. */
@Configuration
@EnableScheduling
class ShopConfig {
  @Bean
  DataSource dataSource() {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl("jdbc:h2:mem:shop");
    pool.setMaximumPoolSize(2);
    return pool;
  }

  @Bean
  ThreadPoolTaskExecutor mailer() {
    ThreadPoolTaskExecutor mailer = new ThreadPoolTaskExecutor();
    mailer.setCorePoolSize(2);
    return mailer;
  }

  @Scheduled(fixedRate = 1000)
  void restock() {}
}
