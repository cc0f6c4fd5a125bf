package import Foundation

/// Where the programs and files of the build are that the tests belong to.
package enum BuiltProducts {
  /// The `tally` program that was built together with the running tests.
  ///
  /// Throws `ProcessFailure` where there is none: `swift build --build-tests` makes it.
  package static func tally() throws -> URL {
    for folder in candidateFolders() {
      let program = folder.appending(path: "tally")
      if FileManager.default.isExecutableFile(atPath: program.path) { return program }
    }
    throw ProcessFailure("no tally program beside the tests; build it with the tests' own build command")
  }

  /// A folder of the checkout that the tests were compiled in, such as `deploy/`.
  package static func checkout(_ path: String, file: StaticString = #filePath) -> URL {
    URL(filePath: "\(file)").deletingLastPathComponent().appending(path: "../../../\(path)").standardizedFileURL
  }

  /// The test runner stands in the build folder itself, or is a helper that names the bundle in its arguments.
  private static func candidateFolders() -> [URL] {
    let named = ProcessInfo.processInfo.arguments.filter { $0.hasSuffix(".xctest") }
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return (named.map { URL(filePath: $0) } + [own]).map { $0.deletingLastPathComponent() }
      + [checkout(".build/release")]
  }
}
