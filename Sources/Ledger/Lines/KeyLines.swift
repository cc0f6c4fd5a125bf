// The fields of these events in their lines, in the order of their keys. They are permanent (docs/audit.md).

extension KeyIssued: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    expiresAt = try reader.field("expiresAt")
    key = try reader.field("key")
    limit = try reader.field("limit")
    member = try reader.field("member")
    period = try reader.field("period")
    ratePerMinute = try reader.field("ratePerMinute")
    scopes = try reader.field("scopes")
  }

  func write(to writer: inout LineWriter) {
    writer.field("expiresAt", expiresAt)
    writer.field("key", key)
    writer.field("limit", limit)
    writer.field("member", member)
    writer.field("period", period)
    writer.field("ratePerMinute", ratePerMinute)
    writer.field("scopes", scopes)
  }
}

extension KeyRotated: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    budgetSubject = try reader.field("budgetSubject")
    expiresAt = try reader.field("expiresAt")
    key = try reader.field("key")
    limit = try reader.field("limit")
    member = try reader.field("member")
    oldExpiryAfter = try reader.field("oldExpiryAfter")
    oldExpiryBefore = try reader.field("oldExpiryBefore")
    period = try reader.field("period")
    ratePerMinute = try reader.field("ratePerMinute")
    replaces = try reader.field("replaces")
    scopes = try reader.field("scopes")
  }

  func write(to writer: inout LineWriter) {
    writer.field("budgetSubject", budgetSubject)
    writer.field("expiresAt", expiresAt)
    writer.field("key", key)
    writer.field("limit", limit)
    writer.field("member", member)
    writer.field("oldExpiryAfter", oldExpiryAfter)
    writer.field("oldExpiryBefore", oldExpiryBefore)
    writer.field("period", period)
    writer.field("ratePerMinute", ratePerMinute)
    writer.field("replaces", replaces)
    writer.field("scopes", scopes)
  }
}

extension KeyRevoked: LinePayload {
  init(from reader: inout LineReader) throws(LineError) {
    key = try reader.field("key")
  }

  func write(to writer: inout LineWriter) {
    writer.field("key", key)
  }
}
