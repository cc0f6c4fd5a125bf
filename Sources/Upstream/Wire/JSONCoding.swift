#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the provider's rarer answers; that to an edit is `RecordBody`'s.
enum JSONCoding {
  /// Reads a body, or gives nil where it is not JSON of that shape.
  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Value? {
    try? JSONDecoder().decode(type, from: Data(bytes))
  }
}
