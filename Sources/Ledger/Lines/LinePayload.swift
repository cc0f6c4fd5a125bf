/// An event whose fields stand in a line, beside the header's. Both functions name all of them in sorted order.
protocol LinePayload {
  /// Reads the fields.
  init(from reader: inout LineReader) throws(LineError)

  /// Writes the fields.
  func write(to writer: inout LineWriter)
}

extension Event {
  /// Reads the fields of an event that is told as `action`.
  init(_ action: Action, from reader: inout LineReader) throws(LineError) {
    switch action {
    case .editHeld: self = .held(try EditHeld(from: &reader))
    case .editRefused: self = .refused(try EditRefused(from: &reader))
    case .editSettled: self = .settled(try EditSettled(from: &reader))
    case .editReleased: self = .released(try EditReleased(from: &reader))
    case .editInDoubt: self = .inDoubt(try EditInDoubt(from: &reader))
    case .editCredited: self = .credited(try EditCredited(from: &reader))
    case .editEvidence: self = .evidence(try EditEvidence(from: &reader))
    case .teamCreated: self = .teamCreated(try TeamCreated(from: &reader))
    case .teamChanged: self = .teamChanged(try TeamChanged(from: &reader))
    case .limitChanged: self = .limitChanged(try LimitChanged(from: &reader))
    case .memberAdded: self = .memberAdded(try MemberAdded(from: &reader))
    case .memberChanged: self = .memberChanged(try MemberChanged(from: &reader))
    case .memberSuspended: self = .memberSuspended(try MemberSuspended(from: &reader))
    case .keyIssued: self = .keyIssued(try KeyIssued(from: &reader))
    case .keyRotated: self = .keyRotated(try KeyRotated(from: &reader))
    case .keyRevoked: self = .keyRevoked(try KeyRevoked(from: &reader))
    case .periodClosed: self = .periodClosed(try PeriodClosed(from: &reader))
    case .privateErased: self = .privateErased(try PrivateErased(from: &reader))
    case .legalHoldPlaced: self = .legalHoldPlaced(try LegalHoldPlaced(from: &reader))
    case .legalHoldLifted: self = .legalHoldLifted(try LegalHoldLifted(from: &reader))
    case .exportCreated: self = .exportCreated(try ExportCreated(from: &reader))
    case .reportRead: self = .reportRead(try ReportRead(from: &reader))
    case .alertChanged: self = .alertChanged(try AlertChanged(from: &reader))
    case .alertDelivered: self = .alertDelivered(try AlertDelivered(from: &reader))
    case .retentionChanged: self = .retentionChanged(try RetentionChanged(from: &reader))
    case .usageRemoved: self = .usageRemoved(try UsageRemoved(from: &reader))
    case .usageRebuilt: self = .usageRebuilt(try UsageRebuilt(from: &reader))
    case .logKeyAnnounced: self = .logKeyAnnounced(try LogKeyAnnounced(from: &reader))
    case .logKeyRotated: self = .logKeyRotated(try LogKeyRotated(from: &reader))
    case .logRecovered: self = .logRecovered(try LogRecovered(from: &reader))
    case .priceChanged: self = .priceChanged(try PriceChanged(from: &reader))
    case .logKeyRetired: self = .logKeyRetired(try LogKeyRetired(from: &reader))
    case .signerRecovered: self = .signerRecovered(try SignerRecovered(from: &reader))
    case .headsCovered: self = .headsCovered(try HeadsCovered(from: &reader))
    }
  }

  /// Writes the event's fields.
  func write(to writer: inout LineWriter) {
    switch self {
    case .held(let event): event.write(to: &writer)
    case .refused(let event): event.write(to: &writer)
    case .settled(let event): event.write(to: &writer)
    case .released(let event): event.write(to: &writer)
    case .inDoubt(let event): event.write(to: &writer)
    case .credited(let event): event.write(to: &writer)
    case .evidence(let event): event.write(to: &writer)
    case .teamCreated(let event): event.write(to: &writer)
    case .teamChanged(let event): event.write(to: &writer)
    case .limitChanged(let event): event.write(to: &writer)
    case .memberAdded(let event): event.write(to: &writer)
    case .memberChanged(let event): event.write(to: &writer)
    case .memberSuspended(let event): event.write(to: &writer)
    case .keyIssued(let event): event.write(to: &writer)
    case .keyRotated(let event): event.write(to: &writer)
    case .keyRevoked(let event): event.write(to: &writer)
    case .periodClosed(let event): event.write(to: &writer)
    case .privateErased(let event): event.write(to: &writer)
    case .legalHoldPlaced(let event): event.write(to: &writer)
    case .legalHoldLifted(let event): event.write(to: &writer)
    case .exportCreated(let event): event.write(to: &writer)
    case .reportRead(let event): event.write(to: &writer)
    case .alertChanged(let event): event.write(to: &writer)
    case .alertDelivered(let event): event.write(to: &writer)
    case .retentionChanged(let event): event.write(to: &writer)
    case .usageRemoved(let event): event.write(to: &writer)
    case .usageRebuilt(let event): event.write(to: &writer)
    case .logKeyAnnounced(let event): event.write(to: &writer)
    case .logKeyRotated(let event): event.write(to: &writer)
    case .logRecovered(let event): event.write(to: &writer)
    case .priceChanged(let event): event.write(to: &writer)
    case .logKeyRetired(let event): event.write(to: &writer)
    case .signerRecovered(let event): event.write(to: &writer)
    case .headsCovered(let event): event.write(to: &writer)
    }
  }
}
