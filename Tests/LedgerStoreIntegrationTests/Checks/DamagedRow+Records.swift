import LedgerStore

extension DamagedRow {
  static let ofRecords = [
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET charged = charged - 1 WHERE record_id = '\(settled)'",
      "record \(settled)"),
    DamagedRow(
      .usedIsSettledLessCredited, "UPDATE tally.record SET charged = charged - 1 WHERE record_id = '\(settled)'",
      "budget key \(firstKey)"),
    DamagedRow(
      .recordMatchesLog,
      "UPDATE tally.record SET state = 'released', charged = 0 WHERE record_id = '\(settled)'", "record \(settled)"),
    DamagedRow(
      .recordMatchesLog,
      "UPDATE tally.record SET state = 'in_doubt', resolve_index = NULL WHERE record_id = '\(released)'",
      "record \(released)"),
    DamagedRow(
      .recordMatchesLog,
      "UPDATE tally.record SET state = 'released', resolve_index = 17 WHERE record_id = '\(held)'", "record \(held)"),
    DamagedRow(
      .heldIsSumOfOpenHolds,
      "UPDATE tally.record SET state = 'released', resolve_index = 17 WHERE record_id = '\(held)'",
      "budget member \(first) month"),
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET state = 'held' WHERE record_id = '\(doubted)'", "record \(doubted)"),
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET cause = 'team' WHERE record_id = '\(refused)'", "record \(refused)"),
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET n = 9 WHERE record_id = '\(refused)'", "record \(refused)"),
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET credited = 0 WHERE record_id = '\(credited)'", "record \(credited)"),
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET credited = 1 WHERE record_id = '\(settled)'", "record \(settled)"),
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET assumed = true WHERE record_id = '\(settled)'", "record \(settled)"),
    DamagedRow(
      .recordMatchesLog,
      "UPDATE tally.record SET member_period_start = '2020-01-01' WHERE record_id = '\(settled)'", "record \(settled)"),
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET hold_index = 99 WHERE record_id = '\(settled)'", "record \(settled)"),
    DamagedRow(
      .recordMatchesLog, "UPDATE tally.record SET hold_index = -1 WHERE record_id = '\(refused)'", "record \(refused)"),
    DamagedRow(.recordMatchesLog, "DELETE FROM tally.record WHERE record_id = '\(held)'", "record \(held)"),
    DamagedRow(.recordMatchesLog, "DELETE FROM tally.record WHERE record_id = '\(settled)'", "record \(settled)"),
    DamagedRow(
      .recordMatchesLog,
      """
      INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, model, quality, size, n,
                                unit_price, price_version, held, hold_index, created_at, prompt_object)
      SELECT team_id, '\(id(0xD9))', member_id, key_id, instance_id, 'refused', model, quality, size, n, unit_price,
             price_version, 0, 0, created_at, '{}'
        FROM tally.record WHERE record_id = '\(refused)'
      """, "record \(id(0xD9))"),
  ]
}
