import Foundation
import Gateway
import Ledger
import Testing

/// What the notes prove, and when they are believed (docs/ledger.md, "Dispatch note").
@Suite struct DispatchNotesTests {
  private static let run = InstanceID(bits: 0xABC)
  private static let heading = DispatchNotesHeading(instance: run, bootID: "boot-1")

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tally-notes-\(UInt64.random(in: 0...(.max)))")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func read(_ folder: String, bootID: String = "boot-1") throws -> FoundNotes {
    let file = URL(filePath: "\(folder)/\(Self.heading.fileName)")
    return FoundNotes(instance: Self.run, contents: Array(try Data(contentsOf: file)), bootID: bootID)
  }

  @Test func whatIsNotNotedWasNeverSent() throws {
    try withFolder { folder in
      let notes = try DispatchNotes(folder: folder, heading: Self.heading)
      #expect(notes.add(RecordID(bits: 1)))
      let found = try read(folder)
      #expect(!found.provesUnsent(RecordID(bits: 1)))
      #expect(found.provesUnsent(RecordID(bits: 2)))
    }
  }

  @Test func notesOfAnotherBootProveNothing() throws {
    try withFolder { folder in
      let notes = try DispatchNotes(folder: folder, heading: Self.heading)
      _ = notes.add(RecordID(bits: 1))
      #expect(try !read(folder, bootID: "boot-2").provesUnsent(RecordID(bits: 2)))
      #expect(try !read(folder, bootID: "").provesUnsent(RecordID(bits: 2)))
    }
  }

  @Test(arguments: [
    "", "tally-dispatch-notes/1", "tally-dispatch-notes/2 \(run) boot-1\n", "tally-dispatch-notes/1 \(run) boot-2\n",
    "tally-dispatch-notes/1 \(InstanceID(bits: 1)) boot-1\n", "tally-dispatch-notes/1 \(run) boot-1",
    "tally-dispatch-notes/1 \(run) boot-1\n00000000-0000-0000-0000-00000000000",
    "tally-dispatch-notes/1 \(run) boot-1\n00000000-0000-0000-0000-000000000001",
    "tally-dispatch-notes/1 \(run) boot-1\n\n", "tally-dispatch-notes/1 \(run) boot-1\nnonsense\n",
  ])
  func damagedFileProvesNothing(text: String) {
    let found = FoundNotes(instance: Self.run, contents: Array(text.utf8), bootID: "boot-1")
    #expect(found.noted == nil)
    #expect(!found.provesUnsent(RecordID(bits: 2)))
  }

  @Test func fileThatGrewIsWrittenAnewWithTheOpenEdits() throws {
    try withFolder { folder in
      let notes = try DispatchNotes(folder: folder, heading: Self.heading, rewriteBytes: 1_000)
      for number in 1...200 {
        #expect(notes.add(RecordID(bits: UInt128(number))))
        if number != 7 { notes.remove(RecordID(bits: UInt128(number))) }
      }
      let found = try read(folder)
      #expect(!found.provesUnsent(RecordID(bits: 7)))
      #expect(!found.provesUnsent(RecordID(bits: 200)))
      #expect(found.noted?.count ?? 0 < 60)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [Self.heading.fileName])
    }
  }

  @Test func runWithoutOpenEditsLeavesNoFile() throws {
    try withFolder { folder in
      let notes = try DispatchNotes(folder: folder, heading: Self.heading)
      _ = notes.add(RecordID(bits: 1))
      #expect(!notes.discardIfEmpty())
      notes.remove(RecordID(bits: 1))
      #expect(notes.discardIfEmpty())
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      // After the end nothing may be sent any more.
      #expect(!notes.add(RecordID(bits: 2)))
    }
  }

  @Test func runsNotesAreNeverBegunTwice() throws {
    try withFolder { folder in
      let notes = try DispatchNotes(folder: folder, heading: Self.heading)
      #expect(throws: FileFault.self) { try DispatchNotes(folder: folder, heading: Self.heading) }
      _ = notes.add(RecordID(bits: 1))
    }
  }
}
