package import TransparencyLog

/// What came of checking a bundle or a proof (docs/audit.md, checking a bundle).
package struct Verification: Sendable {
  /// The verdict; its number is the exit status.
  package enum Verdict: Int32, Sendable, CaseIterable {
    /// Whole, signed by the pinned key, and extending a head that the verifier brought.
    case extending = 0
    /// Whole and signed by the pinned key, tied to no head of the verifier's.
    case untied = 10
    /// Whole, but nothing was pinned.
    case unpinned = 20
    /// Signed, but contradicting a head or receipt that the verifier holds.
    case contradicting = 30
    /// Altered or unreadable.
    case altered = 40
    /// Whole, but the books do not balance or a budget rule was broken.
    case unbalanced = 50

    /// The verdict in a word, for scripts.
    package var word: String {
      switch self {
      case .extending: "extending"
      case .untied: "untied"
      case .unpinned: "unpinned"
      case .contradicting: "contradicting"
      case .altered: "altered"
      case .unbalanced: "unbalanced"
      }
    }
  }

  /// A signed text that shows a contradiction.
  package struct Evidence: Hashable, Sendable {
    /// A name for its file.
    package var name: String
    /// Its bytes.
    package var text: [UInt8]
  }

  /// What a proof proves, which was checked instead of a bundle.
  package struct Proof: Hashable, Sendable {
    /// The log that the line stands in.
    package var log: String
    /// The line's index.
    package var index: Int64
    /// The head of another log that the line covers; nil where it is a proof of the line alone.
    package var covered: CoveredHead?

    /// A proof of a line, which covers a head or none.
    package init(log: String, index: Int64, covered: CoveredHead? = nil) {
      self.log = log
      self.index = index
      self.covered = covered
    }
  }

  /// The verdict.
  package var verdict: Verdict
  /// Why, in one sentence.
  package var sentence: String
  /// The file at fault; nil where none is.
  package var file: String?
  /// The first line at fault; nil where none is, or none can be named.
  package var index: Int64?
  /// What was read of the bundle; nil where its manifest could not be.
  package var manifest: BundleManifest?
  /// Size of the signed head; nil where it could not be read.
  package var headSize: Int64?
  /// What was proved; nil where a bundle was checked, and where the proof does not hold.
  package var proof: Proof?
  /// The two texts of a contradiction, each signed by the operator.
  package var evidence: [Evidence] = []
  /// What is told beside the verdict.
  package var findings = Findings()

  /// A verdict for this reason.
  init(_ verdict: Verdict, _ sentence: String, file: String? = nil, index: Int64? = nil) {
    self.verdict = verdict
    self.sentence = sentence
    self.file = file
    self.index = index
  }

  /// The verdict over an altered bundle.
  init(_ fault: BundleFault) {
    self.init(.altered, "Altered or unreadable: \(fault).", file: fault.file, index: fault.index)
  }
}
