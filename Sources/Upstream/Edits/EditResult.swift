/// A finished edit.
package struct EditResult: Sendable, Equatable {
  /// The provider's id of the edit.
  package var uuid: String
  /// Storage keys of the images made: at least one, none of them empty.
  package var resultKeys: [String]
  /// A presigned address of the (first) result, where one was given. It expires after 7 days.
  package var temporaryURL: String?
  /// What the provider says that it charged, in credits; nil where it says nothing, or nothing that is a whole number from 0.
  package var credit: Int64?
  /// The provider's `responseObject` as JSON text as it was received; `{}` where it is missing or over
  /// ``responseObjectBytes``.
  package var responseObject: String
  /// When the provider says that it made its record, as it was received.
  package var createdAt: String?

  /// The longest ``responseObject`` that is kept, in bytes. It is stored with every record; image answers have `{}`.
  package static let responseObjectBytes = 64 * 1024

  /// A finished edit.
  package init(
    uuid: String, resultKeys: [String], temporaryURL: String? = nil, credit: Int64? = nil,
    responseObject: String = "{}", createdAt: String? = nil
  ) {
    self.uuid = uuid
    self.resultKeys = resultKeys
    self.temporaryURL = temporaryURL
    self.credit = credit
    self.responseObject = responseObject
    self.createdAt = createdAt
  }
}
