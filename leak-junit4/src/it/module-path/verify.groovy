// Nothing has leaked, so there is no report of the run.
assert !new File(basedir, "target/leak-report").exists()
