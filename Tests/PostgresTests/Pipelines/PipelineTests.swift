import Postgres
import Testing

@Suite struct PipelineTests {
  private let statement = Statement<Void>("set", "SELECT set_config($1, $2, true)")

  @Test func aFaultNamesStatementAndParameter() {
    var pipeline = Pipeline()
    pipeline.append(Statement<Void>.begin)
    pipeline.append(statement, "a", "secret\0")
    pipeline.append(statement, "a\0", "b")
    #expect(pipeline.count == 3)
    #expect(pipeline.fault?.code == .encoding)
    #expect(pipeline.fault?.outcome == .notSent)
    #expect(pipeline.fault?.statementName == "set")
    #expect(pipeline.fault?.pipelineIndex == 1)
    #expect(pipeline.fault?.reason.contains("$2") == true)
    #expect(pipeline.fault.map { String(reflecting: $0).contains("secret") } == false)
  }

  @Test func valuesOverTheLimitAreRefused() {
    var pipeline = Pipeline()
    let half = PostgresBytes([UInt8](repeating: 1, count: Pipeline.maximumParameterBytes / 2))
    pipeline.append(Statement<Void>("one", "SELECT $1"), half)
    #expect(pipeline.fault == nil)
    pipeline.append(Statement<Void>("two", "SELECT $1"), half)
    #expect(pipeline.fault?.code == .tooLarge)
    #expect(pipeline.fault?.statementName == "two")
  }

  @Test func tooManyStatementsAreRefused() {
    var pipeline = Pipeline()
    for _ in 0..<Pipeline.maximumStatements { pipeline.append(Statement<Void>.begin) }
    #expect(pipeline.fault == nil)
    pipeline.append(Statement<Void>.begin)
    #expect(pipeline.fault?.code == .tooLarge)
  }

  @Test func tooManyParametersAreRefused() {
    var pipeline = Pipeline()
    let parameters = [(any PostgresEncodable)?](repeating: true, count: Pipeline.maximumParameters + 1)
    pipeline.append(Statement<Void>("many", "SELECT 1"), parameters: parameters)
    #expect(pipeline.fault?.code == .tooLarge)
  }
}
