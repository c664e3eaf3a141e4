// The run stopped, and the log says why.
def log = new File(basedir, "build.log").text
assert log.contains('leak.scope = "methods" (testng.xml parameter) must be auto, or one or several of')
