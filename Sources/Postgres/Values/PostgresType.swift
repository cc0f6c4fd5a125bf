/// A PostgreSQL type by its object ids, which the system catalogue fixes for built-in types (`pg_type.dat`).
package struct PostgresType: Sendable, Hashable, CustomStringConvertible {
  /// The type's own object id.
  package let oid: UInt32
  /// The object id of the array of this type, 0 for a type that is an array itself.
  package let arrayOID: UInt32
  /// The name as SQL writes it, for errors.
  package let description: String

  /// - Parameters:
  ///   - oid: the type's own object id.
  ///   - arrayOID: the object id of its array type.
  ///   - name: the name as SQL writes it.
  package init(oid: UInt32, arrayOID: UInt32, name: String) {
    self.oid = oid
    self.arrayOID = arrayOID
    self.description = name
  }

  package static func == (left: Self, right: Self) -> Bool { left.oid == right.oid }
  package func hash(into hasher: inout Hasher) { hasher.combine(oid) }

  /// `boolean`
  package static let bool = Self(oid: 16, arrayOID: 1000, name: "boolean")
  /// `bytea`
  package static let bytea = Self(oid: 17, arrayOID: 1001, name: "bytea")
  /// `bigint`
  package static let int8 = Self(oid: 20, arrayOID: 1016, name: "bigint")
  /// `smallint`
  package static let int2 = Self(oid: 21, arrayOID: 1005, name: "smallint")
  /// `integer`
  package static let int4 = Self(oid: 23, arrayOID: 1007, name: "integer")
  /// `text`
  package static let text = Self(oid: 25, arrayOID: 1009, name: "text")
  /// `timestamp with time zone`
  package static let timestamptz = Self(oid: 1184, arrayOID: 1185, name: "timestamptz")
  /// `uuid`
  package static let uuid = Self(oid: 2950, arrayOID: 2951, name: "uuid")

  /// The array of this type.
  package var array: Self { Self(oid: arrayOID, arrayOID: 0, name: description + "[]") }
}
