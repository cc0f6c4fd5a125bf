/// What is wrong with a multipart body, so that the caller can name the fault to whoever sent it.
///
/// No case carries bytes of the body. Rules: RFC 2046 section 5.1, RFC 7578.
package enum MultipartError: Error, Sendable, Equatable {
  /// The boundary is empty, longer than 70 bytes, or has a byte that RFC 2046 does not allow.
  case invalidBoundary
  /// More bytes came before the first boundary than ``MultipartLimits/preambleBytes``.
  case preambleTooLong
  /// A boundary is followed by something that is neither a line end nor `--`.
  case malformedBoundary
  /// A header line has no colon, is not UTF-8, or does not end in CR LF.
  case malformedHeader
  /// The headers of a part are longer than ``MultipartLimits/headerBytes``.
  case headersTooLong
  /// A part has no `Content-Disposition: form-data` with a `name`.
  case missingName
  /// The body has more parts than ``MultipartLimits/parts``.
  case tooManyParts
  /// The body ended before its closing boundary.
  case truncated
}
