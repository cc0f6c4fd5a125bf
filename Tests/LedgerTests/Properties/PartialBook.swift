import Ledger

extension TeamBook {
  /// The part of a whole book that a store would load for `command`: what the documentation of `TeamBook` lists, and
  /// not one row more.
  func part(for command: Command) -> TeamBook {
    var part = TeamBook(team: team, origin: origin, logSize: logSize, lastAt: lastAt)
    switch command {
    case .createTeam: break
    case .changeTeam: part.loadNewest(.team(team.id), from: self)
    case .addMember(let command): part.members[command.member] = members[command.member]
    case .changeMember(let command):
      part.members[command.member] = members[command.member]
      part.loadNewest(.member(command.member), from: self)
    case .issueKey(let command):
      part.members[command.member] = members[command.member]
      part.keys[command.key] = keys[command.key]
    case .rotateKey(let command):
      part.keys[command.key] = keys[command.key]
      part.keys[command.newKey] = keys[command.newKey]
    case .revokeKey(let command): part.keys[command.key] = keys[command.key]
    case .hold(let command):
      part.records[command.record] = records[command.record]
      part.members[command.member] = members[command.member]
      part.keys[command.key] = keys[command.key]
      part.loadNewest(.team(team.id), from: self)
      part.loadNewest(.member(command.member), from: self)
      if let key = keys[command.key] { part.loadNewest(.key(key.budgetSubject), from: self) }
    case .settle(let command): part.load(command.record, from: self)
    case .release(let command): part.load(command.record, from: self)
    case .markInDoubt(let command): part.records[command.record] = records[command.record]
    case .credit(let command): part.load(command.record, from: self)
    case .closePeriod:
      part = self
      part.records = records.filter(\.value.state.isOpen)
    case .note(.erased(let event)):
      if case .member(let member) = event.target { part.members[member] = members[member] }
    case .changeLegalHold, .note, .recoverLog: break
    }
    return part
  }

  private mutating func loadNewest(_ subject: BudgetSubject, from whole: TeamBook) {
    if let row = whole.budgets.newest(of: subject) { budgets[row.id] = row }
  }

  private mutating func load(_ record: RecordID, from whole: TeamBook) {
    records[record] = whole.records[record]
    for id in whole.records[record]?.budgets ?? [] { budgets[id] = whole.budgets[id] }
  }
}
