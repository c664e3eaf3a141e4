// A flaky test that has passed in the end does not keep the run from being checked, whichever runner Surefire takes.
def log = new File(basedir, "build.log").text
def logOf = { module -> log.split("Reactor Summary")[0].split("-< com.acme:").find { it.startsWith(module + " ") } }
["one-by-one", "in-parallel"].each {
  assert logOf(it) =~ /Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Flakes: 1/
  assert logOf(it).contains("Test mechanism :: 1 thread leaked by FlakyTest.leaks (still alive after ")
}

// One that fails to the end does, and people see why.
assert log =~ /(?m)^\[INFO\] fails-each-time \.+ FAILURE /
assert !logOf("fails-each-time").contains("leaked by")
assert logOf("fails-each-time").contains("WARN dev.leakverifier.junit4.LeakVerifierRunListener - " +
    "not checked for leaked threads, since tests failed: FlakyTest.passesWhenItRunsAgain; " +
    "leak.runOnFailure=true checks anyway")
