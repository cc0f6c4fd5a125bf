import Foundation

/// Lines for whoever watches a long run.
enum Notice {
  /// Writes a line at once: `print` keeps lines back where the output goes to a file, and a run that is killed would take
  /// its seed with it.
  static func tell(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
