import Glibc

/// The server's log files: their end for an error's message, and their limit.
struct ServerLog: Sendable {
  /// The longest log file, in bytes. There are 24 (one for each hour), so a day of a server that fails all the time stays below 240 MB.
  static let maximumFileBytes = 10 << 20
  /// How often the limit is looked after. A server does not write 10 MB of errors in much less.
  static let interval: Duration = .seconds(60)

  let folder: ClusterFolder

  /// The last lines that tell why a server did not start.
  var lastLines: String {
    let logs = files().max { $0.modified < $1.modified }.map { [folder.startLog, $0.path] } ?? [folder.startLog]
    let lines = logs.flatMap { path in
      ((try? TextFile.read(path, fromEnd: true)) ?? "").split(separator: "\n").suffix(5)
    }
    return lines.joined(separator: "\n")
  }

  /// Whether the server did not start because of what is left of another one, which goes away by itself.
  var tellsOfRemains: Bool {
    let lines = (try? TextFile.read(folder.startLog, fromEnd: true)) ?? ""
    return lines.contains("lock file \"postmaster.pid\" already exists")
      || lines.contains("pre-existing shared memory block")
  }

  /// Empties files over the limit. The server appends, so it goes on at the beginning.
  func bound() {
    for file in files() where file.size > Self.maximumFileBytes { truncate(file.path, 0) }
  }

  private func files() -> [(path: String, size: Int, modified: Int)] {
    guard let directory = opendir(folder.logs) else { return [] }
    defer { closedir(directory) }
    var files: [(path: String, size: Int, modified: Int)] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      let path = folder.logs + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      files.append((path, Int(status.st_size), Int(status.st_mtim.tv_sec)))
    }
    return files
  }
}
