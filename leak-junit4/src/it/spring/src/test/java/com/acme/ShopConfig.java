package com.acme;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** A shop with work that comes round every second, and an executor. */
@Configuration
@EnableScheduling
class ShopConfig {
  @Bean
  ThreadPoolTaskExecutor cashier() {
    ThreadPoolTaskExecutor cashier = new ThreadPoolTaskExecutor();
    cashier.setCorePoolSize(2);
    return cashier;
  }

  @Scheduled(fixedRate = 1000)
  void restock() {}
}
