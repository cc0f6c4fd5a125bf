package import Ledger
package import TransparencyLog

/// Which lines of a log are to be taken away, and in which form.
package struct ExportRequest: Sendable {
  /// Where a range begins or ends.
  package enum Bound: Sendable, Hashable {
    /// At this index.
    case index(Int64)
    /// At the first line that is not older.
    case moment(Timestamp)
  }

  /// What is made of the lines.
  package enum Content: Sendable, Hashable {
    /// An export bundle, which proves itself.
    case bundle
    /// The lines as they are stored.
    case lines
    /// The rows of `usage.csv`.
    case usage
    /// The rows of `focus-1.2.csv`.
    case focus
    /// Single lines, each with its proof.
    case proofs(ExportCreated.Filters)
  }

  /// Whose log.
  package var team: TeamID
  /// The name of one of the team's logs; nil: the one that goes on.
  package var log: String?
  /// The first line; nil: as far back as lines can be had.
  package var from: Bound?
  /// Behind the last line; nil: as far as a signed head reaches.
  package var to: Bound?
  /// In which form.
  package var content: Content
  /// Whether what is personal goes along; only in a bundle.
  package var withPrivate = false
  /// A head that the reader holds, which the bundle is to be tied to.
  package var knownHead: SignedNote?
  /// The operator's keys that sign no more; the head that the reader holds may still be by one of them.
  package var retiredKeys: [NoteVerifierKey] = []
  /// How many lines a head has that the reader holds, where the head itself is not here: it is tied as well.
  package var knownSize: Int64?
  /// The signed head to which the proofs of a cut list lead already: the rest of the list goes on with it. Nil: the newest.
  package var listHead: SignedNote?
  /// Whether a head that reaches less far than was asked for will do: the range then ends there.
  package var takesShortHead = false
  /// The most lines that may be asked for; nil: any number.
  package var maximumLines: Int64?

  /// A request for the whole log in this form.
  package init(team: TeamID, content: Content) {
    self.team = team
    self.content = content
  }
}

extension ExportRequest.Content {
  /// Whether it carries a signed head.
  var needsHead: Bool {
    switch self {
    case .bundle, .proofs: true
    case .lines, .usage, .focus: false
    }
  }

  /// Whether it is made by replaying the books.
  var needsBook: Bool {
    switch self {
    case .bundle, .usage, .focus: true
    case .lines, .proofs: false
    }
  }

  /// By what the lines are chosen; nil: all of the range are in it.
  package var filters: ExportCreated.Filters? {
    if case .proofs(let filters) = self { filters } else { nil }
  }
}
