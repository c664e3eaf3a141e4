// Each JVM of a build has its own report; that of last year is gone, and so are those of the build a moment ago.
assert new File(basedir, "build.log").text.contains("more: target/leak-report/leak-report-3.html")
def folder = new File(basedir, "target/leak-report")
def names = ["leak-report", "leak-report-2"]
assert (folder.list() as Set) == (names.collectMany { [it + ".html", it + ".json"] } as Set)
def blamed = names.collectMany {
  new groovy.json.JsonSlurper().parse(new File(folder, it + ".json")).reports*.blamed
}
assert (blamed as Set) == (["TwoTest.forgets", "ThreeTest.forgets"] as Set)
