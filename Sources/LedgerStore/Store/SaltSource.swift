import Crypto
import Glibc
import Synchronization

/// Salts of private commitments: 32 bytes of the system's randomness each (docs/audit.md). Eight are asked for at once, the
/// most that one call may give, since the call costs more than its bytes.
final class SaltSource: Sendable {
  private static let length = 32
  private static let count = 8

  private let unused = Mutex<[UInt8]>([])

  /// A salt that nobody has had. It is not kept.
  func next() -> [UInt8] {
    unused.withLock { unused in
      if unused.isEmpty { unused = Self.fresh() }
      let salt = Array(unused.suffix(Self.length))
      unused.removeLast(Self.length)
      return salt
    }
  }

  private static func fresh() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length * count)
    guard getentropy(&bytes, bytes.count) == 0 else {
      return (0..<count).flatMap { _ in SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }
    }
    return bytes
  }
}
