import Foundation
package import Postgres

extension TestDatabase {
  /// The database's address, with the superuser's password: for `TALLY_DATABASE_URL` of a process.
  package var url: String { superuserSettings.url }
}

extension ConnectionSettings {
  /// The settings as an address, with the password.
  package var url: String {
    func escaped(_ text: String) -> String {
      text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
    let login = escaped(user) + (password.map { ":" + escaped($0) } ?? "")
    guard let host = hosts.first else { return "postgres://\(login)@/\(escaped(database))" }
    if host.isLocalSocket {
      return "postgres://\(login)@/\(escaped(database))?host=\(escaped(host.name))&port=\(host.port)"
    }
    return "postgres://\(login)@\(host.name):\(host.port)/\(escaped(database))"
  }
}
