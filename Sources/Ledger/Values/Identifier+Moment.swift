extension Identifier<IdentifierKind.Record> {
  /// When the id was made, to the millisecond, where it is of the kind that says so (RFC 9562, version 7); nil for any other.
  package var moment: Timestamp? {
    guard bits >> 76 & 0xF == 7 else { return nil }
    return Timestamp(microseconds: Int64(bits >> 80) * 1_000)
  }
}
