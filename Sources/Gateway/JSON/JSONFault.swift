/// What is wrong with a text that should be JSON. It never carries any of the text.
package struct JSONFault: Error, Sendable, Equatable {
  /// The kind of fault.
  package enum Reason: String, Sendable {
    /// The bytes are not UTF-8.
    case notUTF8 = "the body is not UTF-8"
    /// There is a zero byte.
    case zeroByte = "the body has a zero byte"
    /// Something does not follow the grammar.
    case syntax = "the body is not valid JSON"
    /// Nested deeper than `JSONReader.maximumDepth`.
    case tooDeep = "the body is nested deeper than 32 levels"
    /// An object has more members than `JSONReader.maximumMembers`.
    case tooManyMembers = "an object has more than 256 members"
    /// An object has two members of one name.
    case duplicateName = "an object has the same name twice"
    /// An escape names half of a character of two.
    case loneSurrogate = "a string has half of a surrogate pair"
  }

  /// The kind of fault.
  package var reason: Reason
  /// Where it was noticed, in bytes from the start.
  package var offset: Int

  /// A fault.
  init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
