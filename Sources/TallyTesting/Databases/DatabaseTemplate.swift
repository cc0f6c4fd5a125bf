package import Postgres

/// A database that is prepared once in a test process, usually by running the migrations, and then copied for each test.
package struct DatabaseTemplate: Sendable {
  /// Under which the process remembers it.
  package let name: String
  /// Prepares the empty database, with a superuser's login. It must close its connections: a database in use cannot be copied.
  package let prepare: @Sendable (ConnectionSettings) async throws -> Void

  /// - Parameters:
  ///   - name: under which the process remembers it.
  ///   - prepare: prepares the empty database and closes its connections.
  package init(name: String, prepare: @escaping @Sendable (ConnectionSettings) async throws -> Void) {
    self.name = name
    self.prepare = prepare
  }
}
