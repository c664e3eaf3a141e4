// A cached context's threads are no leak, and a line counts them; those of a closed one are.
def log = new File(basedir, "build.log").text
def leaks = (log =~ /\d+ threads? leaked by (\S+) \(still alive after/).collect { it[1] }.toSet()
assert leaks == ["ForgetfulTest.mails"].toSet()
assert log.contains("not counted: 3 threads of a cached Spring test context (closed when the JVM exits)") // once more at the end
