/// What makes a bundle altered or unreadable: which file, and from which line of the log on.
package struct BundleFault: Error, Hashable, Sendable {
  /// Name of the file in the bundle.
  package var file: String
  /// The first line that it concerns; nil where it concerns none in particular.
  package var index: Int64?
  /// What is wrong, as the end of a sentence that begins with the file.
  package var reason: String

  /// A fault of the file of that name.
  package init(_ file: String, index: Int64? = nil, _ reason: String) {
    self.file = file
    self.index = index
    self.reason = reason
  }
}

extension BundleFault: CustomStringConvertible {
  /// One sentence that names file and line. A file without lines of the log is not counted by them: the line is the one that
  /// its part goes with.
  package var description: String {
    guard let index else { return "\(file) \(reason)" }
    let place = BundleFile.isLines(file) ? "line \(index)" : "for line \(index) of the log"
    return "\(file), \(place), \(reason)"
  }
}
