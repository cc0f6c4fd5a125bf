/// How an event does not fit the book that it is applied to: a damaged log, or a book that was changed elsewhere.
package struct Contradiction: Hashable, Sendable {
  /// What was compared.
  package enum Subject: Hashable, Sendable {
    /// A budget row.
    case budget(BudgetID)
    /// A record.
    case record(RecordID)
    /// A member.
    case member(MemberID)
    /// A key.
    case key(KeyID)
    /// The team itself.
    case team
  }

  /// What was compared.
  package var subject: Subject
  /// Which of its fields or rules, as one word.
  package var field: String

  /// A contradiction in `field` of `subject`.
  package init(_ subject: Subject, _ field: String) {
    self.subject = subject
    self.field = field
  }
}

extension Contradiction: CustomStringConvertible {
  /// One sentence that names subject and field.
  package var description: String {
    switch subject {
    case .budget(let id): "the event contradicts \(field) of the budget \(id)"
    case .record(let id): "the event contradicts \(field) of the edit \(id)"
    case .member(let id): "the event contradicts \(field) of the member \(id)"
    case .key(let id): "the event contradicts \(field) of the key \(id)"
    case .team: "the event contradicts \(field) of the team"
    }
  }
}
