/// What a one-dimensional array can hold: a plain value, or an Optional of one where elements may be NULL.
package protocol PostgresArrayElement: Sendable {
  /// The plain type.
  associatedtype Scalar: PostgresScalar
  /// The value, nil for NULL.
  var scalar: Scalar? { get }
  /// Nil when this element cannot be NULL and the value is.
  init?(scalar: Scalar?)

  /// Appends the array of these elements, without the length that stands before it on the wire.
  static func encode(_ elements: [Self], into buffer: inout [UInt8])
  /// Why one of the elements cannot be sent, or nil.
  static func encodingFault(of elements: [Self]) -> String?
}

extension PostgresArrayElement where Self: PostgresScalar, Scalar == Self {
  package static func encode(_ elements: [Self], into buffer: inout [UInt8]) {
    encodeArray(of: elements, into: &buffer)
  }

  package static func encodingFault(of elements: [Self]) -> String? { arrayFault(of: elements) }

  package var scalar: Self? { self }

  package init?(scalar: Self?) {
    guard let scalar else { return nil }
    self = scalar
  }
}

extension Bool: PostgresArrayElement { package typealias Scalar = Bool }
extension Int16: PostgresArrayElement { package typealias Scalar = Int16 }
extension Int32: PostgresArrayElement { package typealias Scalar = Int32 }
extension Int64: PostgresArrayElement { package typealias Scalar = Int64 }
extension String: PostgresArrayElement { package typealias Scalar = String }
extension PostgresBytes: PostgresArrayElement { package typealias Scalar = PostgresBytes }
extension PostgresUUID: PostgresArrayElement { package typealias Scalar = PostgresUUID }
extension PostgresTimestamp: PostgresArrayElement { package typealias Scalar = PostgresTimestamp }

extension Optional: PostgresArrayElement where Wrapped: PostgresScalar {
  package typealias Scalar = Wrapped

  package var scalar: Wrapped? { self }

  package init?(scalar: Wrapped?) { self = scalar }

  package static func encode(_ elements: [Self], into buffer: inout [UInt8]) {
    Wrapped.encodeArray(of: elements, into: &buffer)
  }

  package static func encodingFault(of elements: [Self]) -> String? { Wrapped.arrayFault(of: elements) }
}
