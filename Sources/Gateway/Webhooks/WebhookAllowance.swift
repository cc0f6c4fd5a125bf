/// Hosts and blocks of addresses that webhooks may be sent to although they are not public, or without TLS:
/// `TALLY_WEBHOOK_ALLOW` (docs/alerts.md, where messages may go).
package struct WebhookAllowance: Sendable, Hashable {
  /// The most entries.
  package static let entriesMaximum = 100

  private var names: Set<String> = []
  private var blocks: [AddressBlock] = []

  /// Nothing but what is public.
  package init() {}

  /// Reads host names, addresses and blocks with commas between them: `hooks.internal,127.0.0.1,10.0.0.0/8`. Nil where one
  /// of them is none of these.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: ","))
    guard parts.count <= Self.entriesMaximum else { return nil }
    for part in parts {
      let trimmed = part.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed()
      let entry = String(decoding: Array(trimmed), as: UTF8.self).lowercased()
      if let block = AddressBlock(entry) {
        blocks.append(block)
      } else if let url = try? URLText("https://\(entry)/"), url.host.utf8.elementsEqual(entry.utf8),
        !entry.utf8.contains(UInt8(ascii: "[")), entry.utf8.contains(where: { (0x61...0x7A).contains($0) })
      {
        names.insert(entry)
      } else {
        return nil
      }
    }
  }

  /// Whether a URL's host is named here, by its name or by its address: then it may be reached without TLS, and wherever
  /// its name leads to.
  package func names(_ host: String) -> Bool {
    if let address = NetworkAddress(host: host) { return contains(address) }
    return names.contains(host)
  }

  /// Whether `host`, which leads to `address`, may be connected to there.
  package func allows(_ address: NetworkAddress, of host: String) -> Bool {
    address.isPublic || contains(address) || names.contains(host)
  }

  private func contains(_ address: NetworkAddress) -> Bool {
    blocks.contains { $0.contains(address) }
  }
}
