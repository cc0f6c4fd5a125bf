/// The PostgreSQL server that an embedded cluster would run on.
package struct InstalledServer: Sendable, Hashable {
  /// The folder of its programs.
  package let folder: String
  /// Its major version.
  package let majorVersion: Int

  /// Finds it.
  /// - Throws: `EmbeddedPostgresError.programMissing`, which names the package to install.
  package static func find() async throws -> InstalledServer {
    let programs = try await ServerPrograms.find(majorVersion: nil)
    return InstalledServer(folder: programs.folder, majorVersion: programs.majorVersion)
  }
}
