import CLibPQ
import Glibc

/// The libpq that this program runs with.
package enum ClientLibrary {
  /// Its version as PostgreSQL numbers them: 150018 is 15.18.
  package static var version: Int { Int(PQlibVersion()) }

  /// Keeps the OpenSSL that libpq uses from tearing itself down when the process exits, once and before its first use: a
  /// connection's thread may still be at work then, and would use what is freed (OPENSSL_init_crypto(3)). Whether there is
  /// one that could be told.
  package static let outlivesExit: Bool = {
    guard let symbol = dlsym(nil, "OPENSSL_init_crypto") else { return false }
    typealias Initialise = @convention(c) (UInt64, OpaquePointer?) -> Int32
    let withoutAtExit: UInt64 = 0x0008_0000
    return unsafeBitCast(symbol, to: Initialise.self)(withoutAtExit, nil) == 1
  }()
}
