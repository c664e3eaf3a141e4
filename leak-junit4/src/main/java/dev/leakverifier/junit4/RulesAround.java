package dev.leakverifier.junit4;

import java.lang.StackWalker.StackFrame;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.rules.ExternalResource;
import org.junit.rules.MethodRule;
import org.junit.rules.RunRules;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;
import org.junit.rules.TestWatcher;
import org.junit.rules.Verifier;
import org.junit.runner.Description;
import org.junit.runner.Runner;
import org.junit.runners.BlockJUnit4ClassRunner;
import org.junit.runners.ParentRunner;
import org.junit.runners.model.Statement;

/**
 * The rules that stand around the one that this thread runs, told by their statements on its stack:
 * each is a call within the next.
 *
 * @param names those that may still stop threads, from the inside out
 * @param areResources whether all of them do after a test that threw what they do after another, so
 *     that it harms nothing to throw a leak at them which they then stop
 * @param mayHideErrors whether one may keep to itself what is thrown
 */
record RulesAround(List<String> names, boolean areResources, boolean mayHideErrors) {
  static final RulesAround NONE = new RulesAround(List.of(), false, false);

  /** The statements of JUnit's runners, and ours. */
  private static final Set<Class<?>> NO_OTHER_RULES =
      Set.of(
          RunRules.class, ParentRunner.class, BlockJUnit4ClassRunner.class, LeakVerifierRule.class);

  private static final Set<Class<?>> THROW_WHAT_THEY_CATCH =
      Set.of(ExternalResource.class, TestWatcher.class, Verifier.class);

  /** Those around the rule that this thread runs for {@code description}. */
  static RulesAround of(Description description) {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(stack -> of(stack.map(StackFrame::getDeclaringClass), description));
  }

  private static RulesAround of(Stream<? extends Class<?>> stack, Description description) {
    Set<String> names = new LinkedHashSet<>();
    boolean areResources = true;
    boolean mayHideErrors = false;
    for (Class<?> type : (Iterable<Class<?>>) stack.<Class<?>>map(each -> each)::iterator) {
      if (Runner.class.isAssignableFrom(type)) {
        boolean isJUnits = type == ParentRunner.class; // it asks a LateVerdict for its failures
        return new RulesAround(
            List.copyOf(names),
            areResources && isJUnits && !names.isEmpty(),
            mayHideErrors || !isJUnits);
      }
      Class<?> rule = ruleOf(type);
      if (Statement.class.isAssignableFrom(type) && !NO_OTHER_RULES.contains(rule)) {
        List<Member> members = members(rule, description);
        areResources &= rule == ExternalResource.class || areAll(TestName.class, members);
        mayHideErrors |= !THROW_WHAT_THEY_CATCH.contains(rule);
        name(rule, members).ifPresent(names::add);
      }
    }
    return new RulesAround(List.copyOf(names), false, true); // a Timeout's thread, say
  }

  /** The rule whose statement it is, or else the class around all others that it is a part of. */
  private static Class<?> ruleOf(Class<?> statement) {
    Class<?> type = statement;
    while (!isRule(type) && type.getEnclosingClass() != null) {
      type = type.getEnclosingClass();
    }
    return type;
  }

  private static boolean isRule(Class<?> type) {
    return TestRule.class.isAssignableFrom(type) || MethodRule.class.isAssignableFrom(type);
  }

  private static boolean areAll(Class<?> type, List<Member> members) {
    return !members.isEmpty() && members.stream().allMatch(member -> member.type == type);
  }

  /** What the test class calls a rule; empty if it is one that stops no threads. */
  private static Optional<String> name(Class<?> rule, List<Member> members) {
    if (members.isEmpty()) { // as in a RuleChain, or of a lambda
      return isJUnits(rule) || Runner.class.isAssignableFrom(rule)
          ? Optional.empty()
          : Optional.of((isRule(rule) ? "" : "a rule of ") + rule.getSimpleName());
    }
    return members.stream()
        .filter(member -> !isJUnits(member.type))
        .map(member -> member.name + " (" + member.type.getSimpleName() + ")")
        .reduce((one, other) -> one + " or " + other);
  }

  /** Whether JUnit has written all of it, and so it stops no threads. */
  private static boolean isJUnits(Class<?> type) {
    return type.getPackage() == RunRules.class.getPackage()
        && !Modifier.isAbstract(type.getModifiers());
  }

  /** A field, or a method, that gives a rule. */
  private record Member(String name, Class<?> type) {}

  /** The members of the test class that may hold a rule of the class {@code rule}. */
  private static List<Member> members(Class<?> rule, Description description) {
    Class<? extends Annotation> annotation = description.isTest() ? Rule.class : ClassRule.class;
    List<Member> members = new ArrayList<>();
    for (Class<?> type = description.getTestClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.isAnnotationPresent(annotation)) {
          members.add(new Member(field.getName(), field.getType()));
        }
      }
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(annotation)) {
          members.add(new Member(method.getName() + "()", method.getReturnType()));
        }
      }
    }
    members.removeIf(member -> !rule.isAssignableFrom(member.type));
    return members;
  }

  /** Which they are, and how to put ours around them; empty if none may stop threads. */
  Optional<String> advice(Description description) {
    String line =
        !hasOrder()
            ? "RuleChain.outerRule(LeakVerifierRule.verifyNone()).around(...)"
            : (description.isTest() ? "@Rule" : "@ClassRule") + "(order = Integer.MIN_VALUE)";
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "rules outside this check: %s; what they stop, they stop after it\n%s puts it outside them"
                .formatted(String.join(", ", names), line));
  }

  /** Whether it is JUnit 4.13 or newer. */
  private static boolean hasOrder() {
    return Arrays.stream(Rule.class.getMethods())
        .anyMatch(method -> method.getName().equals("order"));
  }
}
