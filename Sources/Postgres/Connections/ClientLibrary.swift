import CLibPQ

/// The libpq that this program runs with.
package enum ClientLibrary {
  /// Its version as PostgreSQL numbers them: 150018 is 15.18.
  package static var version: Int { Int(PQlibVersion()) }
}
