package dev.leakverifier;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Ignores threads that a test class or a test method leaves behind.
 *
 * <pre>{@code
 * @IgnoreLeaks(name = "grpc-default-*", reason = "shared by the whole process")
 * public class CheckoutTest {}
 * }</pre>
 *
 * <p>Adds up: over a method and its class, over superclasses and overridden methods, and with the
 * options given elsewhere. With no filter at all, the class or method is not checked. Read by the
 * TestNG listener, the JUnit 4 rule and the Jupiter extension; {@code LeakVerifier.verifyNone()}
 * does not know which test it is called from.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface IgnoreLeaks {
  /** As {@link LeakVerifier#ignoreTopFunction}. */
  String[] topFunction() default {};

  /** As {@link LeakVerifier#ignoreAnyFunction}. */
  String[] anyFunction() default {};

  /** As {@link LeakVerifier#ignoreCreatedBy}. */
  String[] createdBy() default {};

  /** As {@link LeakVerifier#ignoreName}. */
  String[] name() default {};

  /** Why this is right; for readers of the test. */
  String reason() default "";
}
