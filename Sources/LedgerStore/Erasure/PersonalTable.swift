import Ledger
import Postgres

/// The one list of the tables that hold personal text, with their columns: those whose comment in the schema says
/// `personal`, which a test compares. Erasure goes through it: each table says how its part of a batch is taken away.
package enum PersonalTable: String, Sendable, CaseIterable {
  /// Payloads of log lines: prompts, user ids, names, reasons, client addresses, Idempotency-Keys.
  case logPrivate = "log_private"
  /// Edits: also what retries are answered.
  case record
  /// Pictures that were uploaded or made, as the upstream's storage knows them.
  case asset
  /// Who the members are.
  case member
  /// Where alerts are sent.
  case alert

  /// The columns that hold personal text.
  package var columns: [String] {
    switch self {
    case .logPrivate: ["payload"]
    case .record:
      [
        "error_details", "error_message", "feedback", "metadata", "prompt_object", "response_object", "result_object",
        "temporary_url",
      ]
    case .asset: ["original_name", "storage_key"]
    case .member: ["created_by", "updated_by", "user_avatar", "user_id", "user_name"]
    case .alert: ["url"]
    }
  }

  /// Appends what takes away this table's part of a batch.
  /// - Returns: where to find how many rows that were; nil: the batch has none of it.
  func append(_ batch: ErasureBatch, at moment: Timestamp, to pipeline: inout Pipeline) -> Pipeline.Slot<Int64>? {
    switch self {
    case .logPrivate:
      guard !batch.payloads.isEmpty else { return nil }
      return pipeline.append(.erasePayloads, batch.team.uuid, batch.payloads)
    case .record:
      guard !batch.records.isEmpty else { return nil }
      return pipeline.append(
        .emptyRecords, batch.team.uuid, batch.records.map(\.uuid), moment.timestamptz, Self.erasedMessage)
    case .asset:
      guard !batch.storageKeys.isEmpty else { return nil }
      return pipeline.append(.eraseAssets, batch.team.uuid, batch.storageKeys)
    case .member, .alert:
      // Last of all, in the commit of the line that tells of it (`LaneWrites`), so that a name leads to an erasure that
      // was cut off.
      return nil
    }
  }

  /// What stands in place of a message that was answered: a retry still gets its status and code.
  package static let erasedMessage = "the message was erased"
}

/// Where personal text is besides, out of reach of a command: told with each erasure.
package enum PersonalElsewhere: String, Sendable, CaseIterable {
  /// The settlement journals in the gateways' data folders.
  case journals =
    "settlement journals in the gateways' data folders: each file of some 1 MB is removed when everything in it is booked"
  /// The upstream's own records and storage.
  case upstream = "the upstream: its records, and the pictures in its storage"
  /// What was taken away before.
  case copies =
    "exports made --with-private, backups, and PostgreSQL's own files until the rows' space is used again (VACUUM)"
}

/// What one transaction of an erasure takes away. A few hundred rows, since the team's edits wait meanwhile.
struct ErasureBatch: Sendable, Hashable {
  var team: TeamID
  /// Lines whose payloads go.
  var payloads: [Int64] = []
  /// Records that are emptied.
  var records: [RecordID] = []
  /// Assets that go.
  var storageKeys: [String] = []
  /// Lines that are blanked.
  var lines: [Int64] = []
}

extension Statement where Row == Int64 {
  private static let count: @Sendable (inout RowReader) throws(PostgresError) -> Int64 = {
    (row) throws(PostgresError) in try row.next()
  }

  /// Team, indexes.
  static let erasePayloads = Statement(
    "erase payloads",
    """
    WITH gone AS (DELETE FROM tally.log_private WHERE team_id = $1 AND index = ANY($2::bigint[]) RETURNING 1)
    SELECT count(*) FROM gone
    """, row: count)

  /// Team, records, now, what stands in place of a message. What recovery needs of an open edit stays.
  static let emptyRecords = Statement(
    "empty records",
    """
    WITH emptied AS (
      UPDATE tally.record
         SET prompt_object = '{}', metadata = NULL, result_object = NULL, response_object = NULL, temporary_url = NULL,
             feedback = NULL, error_details = NULL,
             error_message = CASE WHEN error_message IS NOT NULL THEN $4::text END, erased_at = $3
       WHERE team_id = $1 AND record_id = ANY($2::uuid[]) AND state NOT IN ('held', 'in_doubt') AND erased_at IS NULL
      RETURNING 1)
    SELECT count(*) FROM emptied
    """, row: count)

  /// Team, storage keys.
  static let eraseAssets = Statement(
    "erase assets",
    """
    WITH gone AS (DELETE FROM tally.asset WHERE team_id = $1 AND storage_key = ANY($2::text[]) RETURNING 1)
    SELECT count(*) FROM gone
    """, row: count)

  /// Team, indexes.
  static let blankLines = Statement(
    "blank lines",
    """
    WITH blanked AS (
      UPDATE tally.log_line SET line = '' WHERE team_id = $1 AND index = ANY($2::bigint[]) AND line <> '' RETURNING 1)
    SELECT count(*) FROM blanked
    """, row: count)
}
