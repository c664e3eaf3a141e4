// What a build of last year has left.
def folder = new File(basedir, "target/leak-report")
folder.mkdirs()
["leak-report-7.json", "leak-report-7.html"].each {
  def old = new File(folder, it)
  old.text = "old"
  old.setLastModified(0)
}
return true
