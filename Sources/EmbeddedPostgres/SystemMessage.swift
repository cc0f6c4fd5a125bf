import Glibc

/// The system's own words for an error number.
enum SystemMessage {
  static func text(_ number: Int32) -> String {
    // The system's texts are shorter than this by far.
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return buffer.withUnsafeBufferPointer { text in text.baseAddress.map { String(cString: $0) } ?? "" }
  }
}
