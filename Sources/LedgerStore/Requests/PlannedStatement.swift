import Postgres

/// A statement with the role that runs it, so that a test can look at its plan. Whoever adds a read adds it here; the one
/// that is left out looks through the whole key directory, once for each check of all teams.
package struct PlannedStatement: Sendable, CustomStringConvertible {
  /// The statement's name.
  package let name: String
  /// Its text.
  package let sql: String
  /// The role that runs it.
  package let role: String

  package var description: String { name }

  private init<Row>(_ statement: Statement<Row>, _ role: String) {
    name = statement.name
    sql = statement.sql
    self.role = role
  }

  private static func request<Row>(_ statement: Statement<Row>) -> PlannedStatement { Self(statement, "tally_request") }
  private static func lane<Row>(_ statement: Statement<Row>) -> PlannedStatement { Self(statement, "tally_lane") }

  /// Every statement that answers a request, an operator's question, or the check of the ledger.
  package static let reads: [PlannedStatement] = [
    request(.teamByID), request(.membersAfter), request(.memberByUserID), request(.memberByID), request(.keysAfter),
    request(.keyByID), request(.principal), request(.noteKeyUse), request(.recordByID), request(.recordsBetween),
    request(.listingStart), request(.logPosition), request(.insertAsset), request(.ownedStorageKey),
    request(.priceEntries), Self(.keyDirectoryEntry, "tally_auth"),
    lane(.teamsAfter), lane(.teamsNamed), lane(.teamsTaking), lane(.teamOfKey), lane(.teamOfRecord),
    lane(.operatorRow), lane(.headCovering),
    lane(.coveredHeadsAfter), lane(.coveredRank), lane(.logHalts), lane(.storedLog), lane(.replacedBooks),
    lane(.recordsInOldLogs), lane(.teamLogs), request(.alteredLine),
    lane(.checkTeam), lane(.checkLines), lane(.checkLinesAt), lane(.checkRecordsOpened),
    lane(.checkRecords), lane(.teamsHolding), lane(.heldOf), lane(.heldOfTeam), lane(.doubtsOfInstance),
    lane(.postponeDoubt), lane(.forgetDoubt), lane(.checkMembers), lane(.checkKeys), lane(.checkBudgets),
    lane(.checkUsage), lane(.checkStrays), lane(.checkClaims), lane(.checkClaimOutcomes),
    request(.closedPeriodsAfter), lane(.checkClosedPeriods), lane(.teamsClosing),
    request(.newestHead), request(.logHalt), request(.requestHead), request(.logState), request(.treeRows),
    request(.loggedLine),
    lane(.logTipsFrom), lane(.logTips), lane(.treeRowsOfLogs), lane(.forgetHeadRequests), lane(.haltLog),
    lane(.doubtsOfTeam), request(.linesJoined), request(.writersSoFar), request(.secretsBetween), request(.linesAt),
    request(.recordOwners),
    request(.closedBookUpTo), request(.closedBookFrom), request(.bookPiece),
    lane(.lockForErasure), lane(.resultKeys), lane(.linesBetween), lane(.linesToBlank), lane(.payloadsBetween),
    lane(.recordsOpened), lane(.linesAtPlaces), lane(.keysOfMember), lane(.assetsAfter), lane(.erasePayloads),
    lane(.emptyRecords), lane(.eraseAssets), lane(.blankLines), lane(.recordsToErase), lane(.openOfMember),
    lane(.erasuresOfTeam), lane(.erasureByID), request(.closedBookBefore), request(.prunedBefore),
    request(.membersOfPage), request(.memberNames),
    request(.firstMemberNames), request(.membersNamed), lane(LaneLoad.loadAdministrators),
    lane(.membersCounted), lane(.keysCounted),
    lane(LaneLoad.loadTeamMembers), lane(LaneLoad.loadTeamKeys), lane(LaneLoad.loadTeamBudgets),
    lane(LaneLoad.loadOpenRecords), lane(LaneLoad.loadClosedThrough), request(.closedPeriodBefore),
    lane(LaneLoad.loadAlerts), lane(LaneLoad.loadErasedSubjects), lane(.alertsOfTeam), lane(.alertByID),
    lane(.alertedBudgets), lane(.enqueueMessages),
    lane(.claimMessage), lane(.postponeMessage), lane(LaneWrites.endMessage), lane(LaneWrites.changeAlert),
    lane(LaneWrites.removeAlert), lane(LaneWrites.removeAlertsOfMember),
    request(.removedBefore), lane(.dueRemoval), lane(.teamsRemoving), lane(.removalsOfTeam), lane(.removalByID),
    lane(.lockRemoval), lane(.removalCandidates), lane(.removeRecords), lane(.removeResults), lane(.removeUsage),
    lane(.removeSpans), lane(.removeSums), lane(NarrowSums.byKey.remove), lane(NarrowSums.byProduct.remove),
    lane(.countOldRecords), lane(.countOldUsage), lane(.firstUsage), lane(.moveRemoval),
    request(.listedLog), request(.keyOwners), request(.membersAndKeys), request(.administrativeLinesDown),
    request(.administrativeLinesUp), request(.rateRecord), request(.budgetHistory),
    request(.usageLog), request(.packedSpans), request(.packedRows), lane(.usageSpans), request(.editLabels),
    request(.rowsOfQuarters), request(.rowsOfSums), request(.rowsOfKeySums), request(.rowsOfProductSums),
    request(.groupsOfQuarters), request(.groupsOfSums), request(.groupsOfKeySums), request(.groupsOfProductSums),
    lane(PackedSums.pack), lane(PackedSums.wrong), lane(NarrowSums.byKey.clear), lane(NarrowSums.byKey.add),
    lane(NarrowSums.byKey.wrong),
    lane(NarrowSums.byKey.stray),
    lane(NarrowSums.byProduct.clear), lane(NarrowSums.byProduct.add), lane(NarrowSums.byProduct.wrong),
    lane(NarrowSums.byProduct.stray),
    lane(.spanningTeams), lane(.markSpans), lane(.clearSums), lane(.sumSpans), lane(.wrongSums), lane(.usageRowsAfter),
    lane(.bookedRecords), lane(.straySums), lane(.usageWithSize), lane(.clearEmptyUsage), lane(.usageLog),
  ]

  /// Finds keys by the moments at which their records were made.
  package static let removingKeys = lane(.removeKeysOfRecords)

  /// Statements that find lines of a log by their places.
  package static let places: [PlannedStatement] = [
    request(.linesJoined), request(.secretsBetween), request(.loggedLine), request(.treeRows), request(.linesAt),
    request(.alteredLine),
  ]

  /// Statements that find usage by its time.
  package static let times: [PlannedStatement] = [
    lane(.usageSpans), request(.packedSpans), request(.packedRows), request(.rowsOfQuarters), request(.rowsOfSums),
    request(.rowsOfKeySums),
    request(.rowsOfProductSums), request(.groupsOfQuarters), request(.groupsOfSums), request(.groupsOfKeySums),
    request(.groupsOfProductSums), lane(.countOldUsage), lane(.sumSpans), lane(.usageWithSize), lane(.clearEmptyUsage),
  ]

  /// Statements of recovery that look over all teams for a stretch of time.
  package static let stretches: [PlannedStatement] = [
    lane(.heldBetween), lane(.dueDoubts), lane(.editsBetween), lane(.dueMessages),
  ]

  /// Statements of a lane's batch that look rows up by their whole primary key, many at a time.
  package static let lookups: [PlannedStatement] = [
    lane(LaneLoad.lockTeams), lane(LaneLoad.loadMembers), lane(LaneLoad.loadKeys), lane(LaneLoad.loadRecordBudgets),
    lane(LaneLoad.loadRecords), lane(LaneWrites.updateTeams), lane(LaneWrites.updateBudgets),
    lane(LaneWrites.updateRecords), lane(LaneLoad.loadClaims), lane(LaneLoad.loadClaimedRecords),
    lane(LaneLoad.loadNoted), lane(LaneWrites.correctUsage),
  ]

  /// What removes old Idempotency-Keys.
  package static let pruning = lane(.pruneIdempotencyKeys)
}
