package import Postgres

/// How to log in to an embedded cluster.
package struct ClusterAccess: Sendable {
  /// As the service's login role, to the service's database.
  package let connectionSettings: ConnectionSettings
  /// As the superuser, to the same database: for migrations only.
  package let superuserSettings: ConnectionSettings

  init(settings: ClusterSettings, sockets: String, superuserPassword: String, loginPassword: String) {
    let host = ConnectionSettings.Host(socketFolder: sockets, port: settings.port)
    connectionSettings = ConnectionSettings(
      hosts: [host], database: settings.database, user: settings.loginRole, password: loginPassword)
    superuserSettings = ConnectionSettings(
      hosts: [host], database: settings.database, user: settings.superuser, password: superuserPassword)
  }
}
