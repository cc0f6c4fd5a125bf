/// The part of the provider's answer to an edit that decides something (docs/feature-api.md). Everything else is ignored.
struct RecordBody: Decodable {
  struct Record: Decodable {
    var uuid: String
    var status: String
    var createdAt: String?
    var temporaryUrl: String?
    var resultKeys: [String]
    var credit: Int64?

    private enum Key: String, CodingKey {
      case uuid, status, createdAt, temporaryUrl, aiRecordDetail, metadata, resultObject, credit
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      uuid = try container.decode(String.self, forKey: .uuid)
      status = try container.decode(String.self, forKey: .status)
      // What is only passed on may be missing or of another shape without making the outcome unknown.
      createdAt = try? container.decodeIfPresent(String.self, forKey: .createdAt)
      temporaryUrl = try? container.decodeIfPresent(String.self, forKey: .temporaryUrl)
      let metadata = try? container.nestedContainer(keyedBy: Key.self, forKey: .metadata)
      credit = (try? metadata?.decode(Int64.self, forKey: .credit)).flatMap { $0 >= 0 ? $0 : nil }
      if try container.contains(.aiRecordDetail) && !container.decodeNil(forKey: .aiRecordDetail) {
        let detail = try container.nestedContainer(keyedBy: Key.self, forKey: .aiRecordDetail)
        resultKeys = try detail.decodeIfPresent([String].self, forKey: .resultObject) ?? []
      } else {
        resultKeys = []
      }
    }
  }

  var aiRecord: Record?

  private enum CodingKeys: String, CodingKey {
    case aiRecord
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    // A missing key is another shape; only an explicit null says that there is no such record.
    aiRecord = try container.decodeNil(forKey: .aiRecord) ? nil : container.decode(Record.self, forKey: .aiRecord)
  }
}
