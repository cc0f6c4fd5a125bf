import Ledger
import LedgerStore

extension ReportRow {
  /// One row for each thing that became of the edits: charged, given back, refused. Rows of nothing are left out.
  package var byStatus: [ReportRow] {
    let parts: [(state: String, counts: UsageCounts)] = [
      (
        RecordView.status(.settled),
        UsageCounts(
          settled: counts.settled, images: counts.images, charged: counts.charged, credited: counts.credited)
      ),
      (RecordView.status(.released), UsageCounts(released: counts.released)),
      (RecordView.status(.refused), UsageCounts(refused: counts.refused)),
    ]
    return parts.filter { !$0.counts.isEmpty }.map { part in
      var row = self
      row.status = part.state
      row.counts = part.counts
      return row
    }
  }
}
