/// What `tally ledger check` proves (docs/ledger.md, "Invariants that a checker must prove"). The names are permanent:
/// scripts look for them.
package enum Invariant: String, Sendable, Hashable, CaseIterable {
  // The log by itself.

  /// The lines of a log are numbered from 0 without a gap, and none stands behind its head.
  case logHasNoGap = "log_has_no_gap"
  /// A line's bytes are exactly those that the ledger writes.
  case lineIsCanonical = "line_is_canonical"
  /// A line names the log in which it stands.
  case lineBelongsToItsLog = "line_belongs_to_its_log"
  /// No line is older than the one before it.
  case timeNeverGoesBack = "time_never_goes_back"
  /// The stored leaf is the RFC 6962 hash of the line.
  case leafIsHashOfLine = "leaf_is_hash_of_line"
  /// The stored nodes are those that the line's leaf completes.
  case nodesFollowFromLeaves = "nodes_follow_from_leaves"
  /// The team's row has the log's size, peaks, last time and origin.
  case headMatchesLog = "head_matches_log"
  /// A line's `private` is the hash of its salt and payload.
  case privatePayloadMatchesLine = "private_payload_matches_line"

  /// No log is halted: each extends what was signed of it, and has the hold of everything that was to be charged.
  case logIsNotHalted = "log_is_not_halted"

  // The rules of the ledger, line by line.

  /// After every hold `used + held <= limit` on each of its budgets.
  case holdFitsItsBudgets = "hold_fits_its_budgets"
  /// Every hold is settled or released at most once.
  case editIsResolvedOnce = "edit_is_resolved_once"
  /// A line tells of something that can have happened in the book that the lines before it make.
  case lineFollowsFromTheBook = "line_follows_from_the_book"

  // The tables are what the log makes of them.

  /// The team's settings.
  case teamMatchesLog = "team_matches_log"
  /// A member's settings.
  case memberMatchesLog = "member_matches_log"
  /// A key's settings.
  case keyMatchesLog = "key_matches_log"
  /// Every key is found by its hash, and nothing else is.
  case keyDirectoryMatchesKeys = "key_directory_matches_keys"
  /// A budget row.
  case budgetMatchesLog = "budget_matches_log"
  /// A record.
  case recordMatchesLog = "record_matches_log"
  /// A usage bucket is the sum of its lines.
  case usageMatchesLog = "usage_matches_log"
  /// A usage bucket that is closed is the sum of the records that were resolved or refused in it, and what was credited is
  /// what the records say.
  case usageMatchesRecords = "usage_matches_records"
  /// The sums of a day or a month are those of its usage buckets.
  case spanMatchesUsage = "span_matches_usage"
  /// The row of an Idempotency-Key has the member, the time and the body of the record that it stands for, which is the
  /// youngest one that came with the key; and a key that was told lately has its row.
  case idempotencyKeyMatchesRecord = "idempotency_key_matches_record"
  /// Of a member's edits under one Idempotency-Key, as long as keys are kept, all but the last were released for a cause
  /// that leaves the key to the next: same key, same answer.
  case idempotencyKeyStandsForOneEdit = "idempotency_key_stands_for_one_edit"

  // The tables by themselves.

  /// `used + held <= limit`, or the row is marked as over its limit.
  case budgetIsWithinItsLimit = "budget_is_within_its_limit"
  /// What a budget holds is the sum of its open holds.
  case heldIsSumOfOpenHolds = "held_is_sum_of_open_holds"
  /// What a budget used is the sum of its charges less what was credited back.
  case usedIsSettledLessCredited = "used_is_settled_less_credited"
  /// The sums of all members over all periods are the team's.
  case memberSumsAreTheTeams = "member_sums_are_the_teams"
  /// A hold that is older than any upstream call may take is settled, released or in doubt.
  case nothingIsHeldPastItsTime = "nothing_is_held_past_its_time"

  // Against the upstream's own list of calls.

  /// The upstream never heard of an edit that was refused.
  case refusedEditWasNeverSent = "refused_edit_was_never_sent"
  /// Work that the upstream did is charged, in doubt, still held, proven later, or released by an administrator.
  case upstreamWorkIsAccountedFor = "upstream_work_is_accounted_for"
  /// What was charged for was done, unless it is marked as assumed or an administrator charged it.
  case settledEditWasWorked = "settled_edit_was_worked"
  /// Every call belongs to an edit of the ledger.
  case upstreamCallHasARecord = "upstream_call_has_a_record"
}
