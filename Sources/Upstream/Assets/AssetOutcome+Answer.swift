import NIOCore

extension AssetOutcome {
  /// What an exchange means for the picture that it carried. Success is exactly 200.
  init(_ exchange: Exchange) {
    switch exchange {
    case .notSent(let cause): self = .notDone(Refusal(cause: cause))
    case .unanswered(let cause): self = .unknown(Uncertainty(cause: cause))
    case .answered(let answer):
      guard answer.status == 200 else {
        switch Refusal.reading(answer) {
        case .success(let refusal): self = .notDone(refusal)
        case .failure(let uncertainty): self = .unknown(uncertainty)
        }
        return
      }
      let bytes = Array(answer.body.readableBytesView)
      guard let body = JSONCoding.decode(AssetBody.self, from: bytes), !body.asset.key.isEmpty else {
        self = .unknown(Uncertainty(cause: .unparseable, httpStatus: 200))
        return
      }
      self = .stored(StoredAsset(body, document: bytes))
    }
  }
}

extension StoredAsset {
  init(_ body: AssetBody, document: [UInt8]) {
    self.init(
      key: body.asset.key, assetJSON: JSONText.value(at: ["asset"], in: document) ?? "{}",
      fileContentJSON: JSONText.value(at: ["fileContent"], in: document) ?? "null")
    location = body.asset.location
    size = body.asset.size
    mimetype = body.asset.mimetype
    bucket = body.asset.bucket
    etag = body.asset.etag
    fileUUID = body.fileContent?.uuid
    filePath = body.fileContent?.path
    fileType = body.fileContent?.type
    fileName = body.fileContent?.name
    createdAt = body.fileContent?.createdAt
  }
}
