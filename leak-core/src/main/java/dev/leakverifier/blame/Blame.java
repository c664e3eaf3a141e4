package dev.leakverifier.blame;

import java.util.List;

/**
 * Who has to answer for a thread.
 *
 * @param windows those that may have started it, the likeliest first
 * @param description how a report names them all
 */
public record Blame<W extends Window>(List<W> windows, String description) {
  public W window() {
    return windows.get(0);
  }
}
