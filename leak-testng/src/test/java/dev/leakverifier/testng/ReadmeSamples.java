package dev.leakverifier.testng;

import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakVerifier;
import java.util.List;

/** The snippets of docs for TestNG, word for word. Compiled only. */
@SuppressWarnings("ClassCanBeStatic") // in users' code it is a class of its own
final class ReadmeSamples {
  public class OurListener extends LeakVerifierListener {
    @Override
    protected List<LeakOption> options() {
      return List.of(LeakVerifier.ignoreName("grpc-default-*"));
    }
  }
}
