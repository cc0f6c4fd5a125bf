package import Ledger

/// The first line of a file of dispatch notes: whose they are, and on which boot of the machine they were written.
package struct DispatchNotesHeading: Sendable, Hashable {
  /// The run of the gateway.
  package var instance: InstanceID
  /// The machine's boot id: it changes with every start of the machine, and with it the file is not believed any more.
  package var bootID: String

  private static let prefix = "tally-dispatch-notes/1"
  /// What the names of these files end with.
  package static let fileSuffix = ".notes"

  /// A heading.
  package init(instance: InstanceID, bootID: String) {
    self.instance = instance
    self.bootID = bootID
  }

  /// The name of the run's file.
  package var fileName: String { "\(instance)\(Self.fileSuffix)" }

  /// The line, with its line feed.
  package var line: String { "\(Self.prefix) \(instance) \(bootID)\n" }

  /// Reads a line without its line feed; nil where it is no heading.
  package init?(_ line: some StringProtocol) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.elementsEqual(Self.prefix.utf8), let instance = InstanceID(parts[1]),
      !parts[2].isEmpty
    else { return nil }
    self.init(instance: instance, bootID: String(parts[2]))
  }
}

/// What a file of dispatch notes that somebody left behind tells.
package struct FoundNotes: Sendable, Hashable {
  /// Whose run it was, by the file's name.
  package var instance: InstanceID
  /// The edits that may have been sent, where the file is whole and of this boot of the machine; nil: it tells nothing.
  package var noted: Set<RecordID>?

  /// Notes that were found.
  package init(instance: InstanceID, noted: Set<RecordID>?) {
    self.instance = instance
    self.noted = noted
  }

  /// Whether the run provably never sent the edit.
  package func provesUnsent(_ record: RecordID) -> Bool {
    guard let noted else { return false }
    return !noted.contains(record)
  }

  /// Reads a file's bytes. Pure: anything but a whole file of this run and boot tells nothing.
  package init(instance: InstanceID, contents: [UInt8], bootID: String) {
    self.init(instance: instance, noted: Self.noted(contents, DispatchNotesHeading(instance: instance, bootID: bootID)))
  }

  private static func noted(_ contents: [UInt8], _ heading: DispatchNotesHeading) -> Set<RecordID>? {
    guard contents.last == UInt8(ascii: "\n") else { return nil }
    let lines = contents.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let first = lines.first, DispatchNotesHeading(String(decoding: first, as: UTF8.self)) == heading else {
      return nil
    }
    var noted: Set<RecordID> = []
    for line in lines.dropFirst() {
      guard let record = RecordID(String(decoding: line, as: UTF8.self)) else { return nil }
      noted.insert(record)
    }
    return noted
  }
}
