// The first run had a page, and the second one, which was clean, has not left it.
def log = new File(basedir, "build.log").text
assert log.contains("more: target/leak-report/leak-report.html")
assert new File(basedir, "target/leak-report").list().length == 0
