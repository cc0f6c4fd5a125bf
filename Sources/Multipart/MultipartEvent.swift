package import NIOCore

/// One step in the reading of a multipart body, in the order in which the bytes came.
package enum MultipartEvent: Sendable, Equatable {
  /// The headers of a part are complete; its bytes follow.
  case partBegan(MultipartPart)
  /// Some of the current part's content: never empty, cut wherever the input was cut.
  case bytes(ByteBuffer)
  /// The current part is complete.
  case partEnded
  /// The closing boundary was read. What follows it is ignored.
  case finished
}

/// What the headers of a part say. All of it is the sender's claim: neither the file name nor the type is to be trusted.
package struct MultipartPart: Sendable, Equatable {
  /// The form field's name.
  package var name: String
  /// The file name, where one is given.
  package var fileName: String?
  /// The part's `Content-Type`, where one is given.
  package var contentType: String?

  /// A part as its headers describe it.
  package init(name: String, fileName: String? = nil, contentType: String? = nil) {
    self.name = name
    self.fileName = fileName
    self.contentType = contentType
  }
}
