import Gateway
import Ledger
import LedgerStore

extension Auditor {
  /// A run's notes are thrown away: nothing of it may be held, and nothing in doubt that they prove to be unsent.
  func willRemoveNotes(_ notes: FoundNotes) {
    finishedRuns.insert(notes.instance)
    for record in records(of: notes.instance) where record.state.isOpen {
      if record.state == .held { world.violate("\(record.id.short) is held, and its run is finished with") }
      if notes.provesUnsent(record.id) {
        world.violate("\(record.id.short) is in doubt, and the notes that prove it unsent are thrown away")
      }
    }
  }

  /// A gateway sends an edit: its lease must run in the database, and nobody can have put the edit in doubt. A jump of
  /// the database's clock ends leases early there.
  func checkLease(of run: InstanceID, sending record: RecordID) {
    guard !world.hasClockJumps else { return }
    let leaseUntil = world.database.tables.instances[run]?.leaseUntil
    if leaseUntil.map({ $0 < world.clock.wall }) ?? true {
      world.violate("\(record.short) is sent after its gateway's lease has ended")
    }
    if histories[record]?.inDoubtAt != nil { world.violate("\(record.short) is sent after it was put in doubt") }
  }

  /// A gateway takes its lease for longer: never longer than the database does.
  func checkLease(of run: InstanceID, until moment: Duration) {
    guard !world.hasClockJumps, let row = world.database.tables.instances[run] else { return }
    if world.clock.start.shifted(by: moment) > row.leaseUntil {
      world.violate("the lease of \(run.short) is taken for longer than the database gives it")
    }
  }

  /// A hold is committed: its run must not be finished with. A jump of the database's clock can hide a late commit.
  func checkRun(of held: EditHeld) {
    guard finishedRuns.contains(held.instance), !world.hasClockJumps else { return }
    world.violate("\(held.record.short) is held by a run that is finished with")
  }

  /// At rest a gateway that lives has charged nothing of its own edits that it never sent.
  func checkUnsent(of run: InstanceID) {
    for record in records(of: run) where record.netCharge > .zero && world.upstream.calls[record.id] == nil {
      if histories[record.id]?.settled?.cause == .administrator { continue }
      world.violate("\(record.id.short) is charged, and its gateway knows that it was never sent")
    }
  }

  /// At rest it can be asked for what the upstream took.
  func checkTaken(_ records: Set<RecordID>) {
    for (name, row) in world.database.tables.doubts where records.contains(name.record) && row.upstreamUUID == nil {
      world.violate("\(name.record.short) is in doubt, and the upstream's id of it is lost")
    }
  }

  private func records(of run: InstanceID) -> [RecordState] {
    world.database.tables.teams.values.flatMap { $0.book.records.values.filter { $0.instance == run } }
      .sorted { $0.id < $1.id }
  }
}
