package import Foundation

/// A place in a JSON text that a test looks into; what is not there is simply absent.
package struct JSONNode: Sendable, CustomStringConvertible {
  private indirect enum Content: Sendable, Decodable {
    case object([String: Content])
    case array([Content])
    case string(String)
    case integer(Int64)
    case other(Double)
    case boolean(Bool)
    case null

    init(from decoder: any Decoder) throws {
      let single = try decoder.singleValueContainer()
      if single.decodeNil() {
        self = .null
      } else if let value = try? single.decode(Bool.self) {
        self = .boolean(value)
      } else if let value = try? single.decode(Int64.self) {
        self = .integer(value)
      } else if let value = try? single.decode(Double.self) {
        self = .other(value)
      } else if let value = try? single.decode(String.self) {
        self = .string(value)
      } else if let value = try? single.decode([Content].self) {
        self = .array(value)
      } else {
        self = .object(try single.decode([String: Content].self))
      }
    }
  }

  private let content: Content?

  /// The root of a text; absent where the text is no JSON.
  package init(parsing text: Data) {
    content = try? JSONDecoder().decode(Content.self, from: text)
  }

  private init(_ content: Content?) {
    self.content = content
  }

  /// The member of that name.
  package subscript(_ name: String) -> JSONNode {
    guard case .object(let members) = content else { return JSONNode(nil) }
    return JSONNode(members[name])
  }

  /// The element at that position.
  package subscript(_ position: Int) -> JSONNode {
    guard case .array(let elements) = content, elements.indices.contains(position) else { return JSONNode(nil) }
    return JSONNode(elements[position])
  }

  /// Whether anything is there, null included.
  package var isPresent: Bool { content != nil }

  /// Whether null is there.
  package var isNull: Bool {
    if case .null = content { true } else { false }
  }

  /// The string that is there.
  package var string: String? {
    if case .string(let value) = content { value } else { nil }
  }

  /// The whole number that is there.
  package var integer: Int64? {
    if case .integer(let value) = content { value } else { nil }
  }

  /// The truth value that is there.
  package var boolean: Bool? {
    if case .boolean(let value) = content { value } else { nil }
  }

  /// Elements of the array that is there; none otherwise.
  package var elements: [JSONNode] {
    if case .array(let elements) = content { elements.map { JSONNode($0) } } else { [] }
  }

  /// Names of the object that is there, sorted; none otherwise.
  package var names: [String] {
    if case .object(let members) = content { members.keys.sorted() } else { [] }
  }

  /// A string of JSON, such as an error's `details`, looked into.
  package var parsed: JSONNode {
    string.map { JSONNode(parsing: Data($0.utf8)) } ?? JSONNode(nil)
  }

  package var description: String {
    content.map { "\($0)" } ?? "absent"
  }
}
