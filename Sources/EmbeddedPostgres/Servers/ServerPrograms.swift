import Glibc

/// Where PostgreSQL's programs are.
struct ServerPrograms: Sendable {
  /// Nothing older is supported.
  static let minimumMajorVersion = 15
  /// Where Debian keeps every version side by side.
  private static let debianRoot = "/usr/lib/postgresql"

  /// The folder with `postgres` and `initdb`.
  let folder: String
  /// The major version.
  let majorVersion: Int
  /// util-linux's program that drops privileges and ties a child's life to its parent's.
  let setpriv: String

  var postgres: String { folder + "/postgres" }
  var initdb: String { folder + "/initdb" }

  /// Looks into Debian's folders, the one that `pg_config` names, and the PATH.
  /// - Parameter majorVersion: the version that the data needs; the newest when nil.
  /// - Throws: `programMissing`, `versionMismatch`.
  static func find(majorVersion wanted: Int?) async throws -> ServerPrograms {
    let path = (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin").split(separator: ":").map(String.init)
    guard let setpriv = (path + ["/usr/bin", "/bin"]).map({ $0 + "/setpriv" }).first(where: isProgram) else {
      throw EmbeddedPostgresError(
        .programMissing, "The program setpriv is missing. It is in Debian's package util-linux.")
    }
    var versions: [(folder: String, version: Int)] = []
    for folder in debianFolders() + (try await configuredFolder(path)) + path
    where isProgram(folder + "/postgres") && isProgram(folder + "/initdb") {
      if let version = try await version(of: folder + "/postgres"), version >= minimumMajorVersion {
        versions.append((folder, version))
      }
    }
    guard let newest = versions.map(\.version).max() else {
      throw EmbeddedPostgresError(
        .programMissing,
        "No PostgreSQL server of version \(minimumMajorVersion) or later is installed. Debian's package postgresql has it; "
          + "or name a running server with --database-url.")
    }
    guard let match = versions.first(where: { $0.version == wanted ?? newest }) else {
      throw EmbeddedPostgresError(
        .versionMismatch,
        "The data was made by PostgreSQL \(wanted ?? newest), which is not installed. Debian's package "
          + "postgresql-\(wanted ?? newest) has it.")
    }
    return ServerPrograms(folder: match.folder, majorVersion: match.version, setpriv: setpriv)
  }

  private static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 }

  private static func debianFolders() -> [String] {
    guard let folder = opendir(debianRoot) else { return [] }
    defer { closedir(folder) }
    var versions: [Int] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let version = Int(name) { versions.append(version) }
    }
    return versions.sorted(by: >).map { "\(debianRoot)/\($0)/bin" }
  }

  private static func configuredFolder(_ path: [String]) async throws -> [String] {
    guard let program = path.map({ $0 + "/pg_config" }).first(where: isProgram) else { return [] }
    let output = try await ChildProcess.output(of: [program, "--bindir"])
    return output.status == .exited(0) ? output.text.split(separator: "\n").map(String.init) : []
  }

  /// `postgres (PostgreSQL) 15.18 (Debian …)` -> 15
  private static func version(of program: String) async throws -> Int? {
    let output = try await ChildProcess.output(of: [program, "--version"])
    guard output.status == .exited(0), let marker = output.text.split(separator: " ").dropFirst(2).first else {
      return nil
    }
    return Int(marker.prefix { $0.isNumber })
  }
}
