import Foundation
import Ledger
import TallyTesting
import Testing

/// The Python that has OpenAI's package: deploy/test installs it, pinned, and names it here.
private let python = ProcessInfo.processInfo.environment["TALLY_OPENAI_PYTHON"]

extension EndToEnd {
  /// OpenAI's official Python package reads the reports, told nothing but where they are and with which key.
  @Suite("OpenAI's package", .enabled(if: python != nil, "OpenAI's Python package is installed (TALLY_OPENAI_PYTHON)"))
  struct OpenAIPackageTests {
    /// Pages through usage and costs, and prints what it counted.
    private static let script = """
      import json, sys, openai
      from openai.types.admin.organization.usage_images_response import DataResultOrganizationUsageImagesResult
      from openai.types.admin.organization.usage_costs_response import DataResultOrganizationCostsResult
      client = openai.OpenAI(base_url=sys.argv[1] + "/v1", admin_api_key=sys.argv[2], max_retries=0)
      start, end, key = int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
      usage, costs = client.admin.organization.usage.images, client.admin.organization.usage.costs
      def pages(ask, kind, **query):
          page, results, buckets = openai.omit, [], []
          while True:
              answer = ask(start_time=start, end_time=end, page=page, **query)
              assert answer.object == "page"
              buckets += [(bucket.start_time, bucket.end_time) for bucket in answer.data]
              results += [result for bucket in answer.data for result in bucket.results]
              assert all(isinstance(result, kind) for result in results)
              if not answer.has_more: break
              page = answer.next_page
          assert all(a[1] == b[0] for a, b in zip(buckets, buckets[1:])), buckets
          assert buckets[0][0] == start and buckets[-1][1] == end, buckets
          return results
      def counted(results):
          return [sum(getattr(r, n) for r in results)
                  for n in ["num_model_requests", "images", "num_refused", "num_failed", "credits"]]
      images, money = DataResultOrganizationUsageImagesResult, DataResultOrganizationCostsResult
      by = ["project_id", "user_id", "api_key_id", "model", "size", "source"]
      grouped = pages(usage, images, group_by=by, bucket_width="1h", limit=5)
      own = pages(usage, images, api_key_ids=[key], sizes=["1024x1024"], sources=["image.edit"])
      spent = pages(costs, money, group_by=["line_item", "project_id"], limit=1)
      assert all(r.amount.currency == "usd" for r in spent)
      assert all(round(r.amount.value * 3_000_000) == r.credits for r in spent)
      try:
          usage(start_time=start, group_by=["line_item"])
          refused = None
      except openai.BadRequestError as error:
          refused = error.response.json()["errors"][0]["field"]
      def told(kind, ask, **query):
          try:
              ask(**query)
          except kind as error:
              return str(error)
      logs = client.admin.organization.audit_logs
      stranger = openai.OpenAI(base_url=sys.argv[1] + "/v1", admin_api_key="tally_x", max_retries=0)
      errors = [told(openai.BadRequestError, usage, start_time=start, bucket_width="9d"),
                told(openai.BadRequestError, logs.list, limit=1000),
                told(openai.AuthenticationError, stranger.admin.organization.usage.images, start_time=start)]
      print(json.dumps({
          "minutes": counted(pages(usage, images, bucket_width="1m", limit=500)),
          "days": counted(pages(usage, images)), "grouped": counted(grouped), "own": counted(own),
          "users": sorted({r.user_id for r in grouped}), "sources": sorted({r.source for r in grouped}),
          "items": sorted({r.line_item for r in spent}), "credits": sum(r.credits for r in spent), "refused": refused, "errors": errors}))
      """

    @Test("It pages through usage and costs, and counts what the records count")
    func packageReadsReports() async throws {
      try await ReportWorld.with { reports in
        let end = Int64(Date().timeIntervalSince1970) + 3_600
        let process = try ChildProcess(
          URL(filePath: python ?? ""),
          arguments: [
            "-c", Self.script, reports.world.gateways[0].address, reports.finance.key, "\(reports.start)", "\(end)",
            reports.first.keyID,
          ], folder: reports.world.folder, name: "openai")
        let status = try await process.waitForExit()
        #expect(status == 0, "\(process.log)")
        let told = JSONNode(parsing: Data(process.output.utf8))
        let sums = try await reports.sums()
        for name in ["minutes", "days", "grouped"] {
          #expect(told[name].elements.map(\.integer) == sums.map(Optional.init), "\(name): \(process.output)")
        }
        #expect(told["own"].elements.map(\.integer).prefix(3) == [2, 4, 0])
        #expect(told["users"].elements.map(\.string) == ["@second", "user-12345"])
        #expect(told["sources"].elements.map(\.string) == ["image.edit"])
        #expect(told["items"].elements.first?.string == "gpt-image-1-mini, high, 1024x1536")
        #expect(told["credits"].integer == sums[4])
        #expect(told["refused"].string == "group_by")
        // The package's own text of an error, which is what most programs log, has the reason.
        let errors = told["errors"].elements.map { $0.string ?? "" }
        #expect(errors.count == 3)
        for (error, words) in zip(errors, ["bucket_width: must be one of 1d", "limit: must be", "API key"]) {
          #expect(error.contains(words), "\(error)")
        }
      }
    }

    /// Pages through the audit log with the package's own iterator, and prints what it found.
    private static let auditScript = """
      import json, sys, openai
      from openai.types.admin.organization.audit_log_list_response import AuditLogListResponse
      client = openai.OpenAI(base_url=sys.argv[1] + "/v1", admin_api_key=sys.argv[2], max_retries=0)
      logs = client.admin.organization.audit_logs
      entries = list(logs.list(limit=3))
      assert all(isinstance(entry, AuditLogListResponse) for entry in entries)
      assert len({entry.id for entry in entries}) == len(entries)
      times = [entry.effective_at for entry in entries]
      assert times == sorted(times, reverse=True)
      issued = list(logs.list(limit=1, event_types=["key.issued"], effective_at={"gte": times[-1]}))
      assert all(entry.type == "key.issued" for entry in issued)
      print(json.dumps({"types": [entry.type for entry in entries], "issued": len(issued)}))
      """

    @Test("It pages through the audit log, and finds every line that tells of no edit")
    func packageReadsAuditLog() async throws {
      try await ReportWorld.with { reports in
        let process = try ChildProcess(
          URL(filePath: python ?? ""),
          arguments: ["-c", Self.auditScript, reports.world.gateways[0].address, reports.finance.key],
          folder: reports.world.folder, name: "openai-audit")
        let status = try await process.waitForExit()
        #expect(status == 0, "\(process.log)")
        let told = JSONNode(parsing: Data(process.output.utf8))
        let actions = try await reports.world.log(of: reports.first.team).map(\.event.action.rawValue)
        let expected = actions.filter { !$0.hasPrefix("edit.") }
        #expect(told["types"].elements.compactMap(\.string) == Array(expected.reversed()))
        #expect(told["issued"].integer == Int64(expected.filter { $0 == "key.issued" }.count))
      }
    }
  }
}
