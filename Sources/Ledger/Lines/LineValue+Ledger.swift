extension Identifier: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    self.init(bits: try UInt128(from: &reader))
  }

  func write(to writer: inout LineWriter) {
    bits.write(to: &writer)
  }
}

extension Credits: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    self.init(try reader.integer())
  }

  func write(to writer: inout LineWriter) {
    writer.integer(value)
  }
}

extension Timestamp: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.expect("\"")
    self = try reader.timestamp()
    try reader.expect("\"")
  }

  func write(to writer: inout LineWriter) {
    writer.quoted { $0.timestamp(self) }
  }
}

extension Digest32: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    try reader.expect("\"")
    self = try reader.hexadecimal()
    try reader.expect("\"")
  }

  func write(to writer: inout LineWriter) {
    writer.quoted { $0.hexadecimal(self) }
  }
}

extension Actor: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    if reader.take("\"key:") {
      self = .key(KeyID(bits: try reader.uuid()))
      try reader.expect("\"")
    } else if reader.take("\"system\"") {
      self = .system
    } else {
      try reader.expect("\"operator\"")
      self = .operator
    }
  }

  func write(to writer: inout LineWriter) {
    switch self {
    case .key(let id):
      writer.literal("\"key:")
      writer.uuid(id.bits)
      writer.byte(UInt8(ascii: "\""))
    case .system: writer.literal("\"system\"")
    case .operator: writer.literal("\"operator\"")
    }
  }
}

extension KeyScopes: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    let names = try [String](from: &reader)
    guard let scopes = KeyScopes(names: names), scopes.names == names else { throw reader.error(.badValue) }
    self = scopes
  }

  func write(to writer: inout LineWriter) {
    names.write(to: &writer)
  }
}

/// Enumerations stand in a line as their raw texts.
extension LineValue where Self: RawRepresentable, RawValue == String {
  init(from reader: inout LineReader) throws(LineError) {
    guard let value = Self(rawValue: try String(from: &reader)) else { throw reader.error(.badValue) }
    self = value
  }

  func write(to writer: inout LineWriter) {
    rawValue.write(to: &writer)
  }
}

extension AccountStatus: LineValue {}
extension InDoubtCause: LineValue {}
extension MemberRole: LineValue {}
extension ReleaseCause: LineValue {}

/// The texts that stand in every line of an edit are compared where they lie; any other is read, and refused, as those of
/// other enumerations are.
extension BudgetScope: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    if reader.take("\"team\"") {
      self = .team
    } else if reader.take("\"member\"") {
      self = .member
    } else {
      guard let scope = BudgetScope(rawValue: try String(from: &reader)) else { throw reader.error(.badValue) }
      self = scope
    }
  }
}

extension Period: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    if reader.take("\"month\"") {
      self = .month
    } else if reader.take("\"total\"") {
      self = .total
    } else {
      guard let period = Period(rawValue: try String(from: &reader)) else { throw reader.error(.badValue) }
      self = period
    }
  }
}

extension SettleCause: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    if reader.take("\"delivered\"") {
      self = .delivered
    } else {
      guard let cause = SettleCause(rawValue: try String(from: &reader)) else { throw reader.error(.badValue) }
      self = cause
    }
  }
}

extension Action: LineValue {
  init(from reader: inout LineReader) throws(LineError) {
    if reader.take("\"edit.held\"") {
      self = .editHeld
      return
    }
    if reader.take("\"edit.settled\"") {
      self = .editSettled
      return
    }
    guard let action = Action(rawValue: try String(from: &reader)) else { throw reader.error(.unknownAction) }
    self = action
  }
}
