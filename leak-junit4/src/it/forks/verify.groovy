// Each JVM has its own report, and those of the build before are gone.
def folder = new File(basedir, "target/leak-report")
def names = ["leak-report", "leak-report-2", "leak-report-3"]
assert (folder.list() as Set) == (names.collectMany { [it + ".html", it + ".json"] } as Set)
def blamed = names.collectMany {
  new groovy.json.JsonSlurper().parse(new File(folder, it + ".json")).reports*.blamed
}
assert (blamed as Set) == (["OneTest.forgets", "TwoTest.forgets", "ThreeTest.forgets"] as Set)
