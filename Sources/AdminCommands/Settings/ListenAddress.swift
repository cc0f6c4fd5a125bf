/// `HOST:PORT`, or `[IPv6]:PORT`. Port 0 takes any free one.
package struct ListenAddress: Hashable, Sendable {
  /// Name or address, without brackets.
  package var host: String
  /// The port.
  package var port: Int

  /// The address of a host and a port.
  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// The address written as `text`; nil for anything else.
  package init?(_ text: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let port = WholeNumber.parse(text[colon...].dropFirst()),
      (0...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.utf8.first == UInt8(ascii: "["), host.utf8.last == UInt8(ascii: "]") {
      host = host.dropFirst().dropLast()
    } else if host.utf8.contains(UInt8(ascii: ":")) {
      return nil
    }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    self.host = String(host)
    self.port = Int(port)
  }

  /// The part of a URL before the path.
  package func address(scheme: String, port: Int) -> String {
    host.utf8.contains(UInt8(ascii: ":")) ? "\(scheme)://[\(host)]:\(port)" : "\(scheme)://\(host):\(port)"
  }
}
