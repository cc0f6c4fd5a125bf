import CLibPQ
import Glibc

/// The variables of the environment that libpq reads without being asked.
enum Environment {
  /// Those that no keyword stands for, so that libpq's own list (`PQconndefaults`) does not name them.
  private static let unlisted = [
    "PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGREALM", "PGLOCALEDIR", "PGDATESTYLE", "PGTZ", "PGGEQO",
  ]

  private static let names: [String] = {
    var names = unlisted
    guard let defaults = PQconndefaults() else { return names }
    defer { PQconninfoFree(defaults) }
    var option = defaults
    while let keyword = option.pointee.keyword, keyword.pointee != 0 {
      if let name = option.pointee.envvar { names.append(String(cString: name)) }
      option += 1
    }
    return names
  }()

  /// Removes them from this process. An explicit keyword wins over most of them, but not over all: an empty keyword counts as
  /// absent, `PGSERVICE` is read first of all, and `PGTZ` is sent behind everybody's back.
  static func clear() {
    for name in names where getenv(name) != nil { unsetenv(name) }
  }
}
