/**
 * What we serve of W&B's GraphQL, in its schema language. Names, arguments and input members are those that the official
 * clients send; a client fails as a whole when one of them is missing, so inputs list everything that is sent, also what is
 * of no use here. Nothing stands here that is not answered.
 *
 * Scalars: `JSONString` is JSON in a string, `JSON` is JSON as it is, `Int64` and `Duration` (milliseconds) are numbers,
 * `DateTime` is ISO 8601 in UTC.
 */
export const WANDB_SCHEMA = /* GraphQL */ `
  scalar JSON
  scalar JSONString
  scalar Int64
  scalar Duration
  scalar DateTime

  enum AlertSeverity {
    INFO
    WARN
    ERROR
  }

  type Query {
    viewer: User
    serverInfo: ServerInfo
    entity(name: String!): Entity
    project(name: String, entityName: String): Project
    model(name: String, entityName: String): Project
    models(entityName: String, after: String, first: Int): ProjectConnection
  }

  type Mutation {
    upsertBucket(input: UpsertBucketInput!): UpsertBucketPayload
    rewindRun(input: RewindRunInput!): RewindRunPayload
    stopRun(input: StopRunInput!): StopRunPayload
    updateRunState(input: UpdateRunStateInput!): UpdateRunStatePayload
    deleteRun(input: DeleteRunInput!): DeleteRunPayload
    createRunFiles(input: CreateRunFilesInput!): CreateRunFilesPayload
    markRunFilesUploaded(input: MarkRunFilesUploadedInput!): MarkRunFilesUploadedPayload
    deleteFiles(input: DeleteFilesInput!): DeleteFilesPayload
    notifyScriptableRunAlert(input: NotifyScriptableRunAlertInput!): NotifyScriptableRunAlertPayload
  }

  type ServerInfo {
    cliVersionInfo: JSON
    features: [ServerFeature!]
  }

  type ServerFeature {
    name: String!
    isEnabled: Boolean!
  }

  type User {
    id: ID!
    username: String
    name: String
    email: String
    admin: Boolean
    "JSON in a string; always empty here."
    flags: JSONString
    "The default entity."
    entity: String
    deletedAt: DateTime
    "Only of the viewer."
    apiKeys: ApiKeyConnection
    "The personal entity, then teams."
    teams: EntityConnection
  }

  type ApiKeyConnection {
    edges: [ApiKeyEdge!]!
  }
  type ApiKeyEdge {
    node: ApiKey
  }
  type ApiKey {
    id: ID!
    "The beginning of the key."
    name: String!
    description: String
    createdAt: DateTime
  }

  type EntityConnection {
    edges: [EntityEdge!]!
  }
  type EntityEdge {
    node: Entity
  }
  type Entity {
    id: ID!
    name: String!
    isTeam: Boolean
    entityType: String
    readOnly: Boolean
    available: Boolean
    codeSavingEnabled: Boolean
    organization: Organization
    members: [Member!]
    project(name: String): Project
    projects(after: String, first: Int): ProjectConnection
  }
  "Teams are not grouped for clients: the organization of an entity is null."
  type Organization {
    id: ID!
    name: String!
  }
  type Member {
    id: ID
    username: String
    name: String
    admin: Boolean
    accountType: String
  }

  type ProjectConnection {
    edges: [ProjectEdge!]!
    pageInfo: PageInfo!
  }
  type ProjectEdge {
    node: Project
    cursor: String
  }
  type PageInfo {
    endCursor: String
    hasNextPage: Boolean!
  }
  type Project {
    id: ID!
    "Base64."
    internalId: String!
    name: String!
    entityName: String!
    entity: Entity
    description: String
    createdAt: DateTime!
    isBenchmark: Boolean!
    readOnly: Boolean!
    user: User
    runCount(filters: JSONString): Int
    runs(filters: JSONString, after: String, first: Int, order: String): RunConnection
    run(name: String!, desc: String): Run
    bucket(name: String!, missingOk: Boolean): Run
  }

  type RunConnection {
    edges: [RunEdge!]!
    pageInfo: PageInfo!
    totalCount: Int
  }
  type RunEdge {
    node: Run
    cursor: String
  }
  type Run {
    "Opaque to clients, who hand it back to change or delete the run."
    id: ID!
    "The run's id as people know it."
    name: String!
    displayName: String
    projectId: Int
    project: Project
    user: User
    state: String
    stopped: Boolean
    readOnly: Boolean
    tags: [String!]
    notes: String
    description: String
    group: String
    jobType: String
    sweepName: String
    host: String
    commit: String
    createdAt: DateTime
    heartbeatAt: DateTime

    config: JSONString
    wandbConfig(keys: [String!]): JSONString
    summaryMetrics: JSONString
    "The last reading of each system metric."
    systemMetrics: JSONString

    "The next line of each file of the stream."
    historyLineCount: Int
    eventsLineCount: Int
    logLineCount: Int
    "A list of lines in a string; the last line, or none."
    historyTail: JSONString
    eventsTail: JSONString

    "Rows as JSON text. With minStep (inclusive) and maxStep (exclusive) a page of at most that many samples, else spread evenly."
    history(samples: Int, minStep: Int64, maxStep: Int64): [JSONString!]
    events(samples: Int): [JSONString!]
    "One list of rows per spec; a spec is keys, samples, minStep and maxStep (both inclusive)."
    sampledHistory(specs: [JSONString!]!): [[JSON!]!]
    historyKeys: JSON
    parquetHistory(liveKeys: [String!]!): ParquetHistory
    logLines(first: Int, after: String, last: Int, useImprovedPagination: Boolean): LogLineConnection

    fileCount: Int
    files(names: [String], pattern: String, after: String, first: Int, upload: Boolean): FileConnection
  }
  "History is always read live: no addresses, and no rows that would stand for them."
  type ParquetHistory {
    parquetUrls: [String!]!
    liveData: [JSON!]!
  }

  type LogLineConnection {
    edges: [LogLineEdge!]!
    pageInfo: PageInfo!
  }
  type LogLineEdge {
    node: LogLine
    cursor: String
  }
  type LogLine {
    number: Int!
    timestamp: DateTime
    "error for the error output, else null."
    level: String
    label: String
    line: String!
  }

  type FileConnection {
    edges: [FileEdge!]!
    pageInfo: PageInfo!
    totalCount: Int
  }
  type FileEdge {
    node: File
    cursor: String
  }
  type File {
    id: ID!
    name: String!
    displayName: String
    sizeBytes: Int64
    mimetype: String
    updatedAt: DateTime
    "Base64 of the digest."
    md5: String
    url(upload: Boolean): String
    directUrl: String
    uploadUrl: String
  }

  input UpsertBucketInput {
    id: String
    name: String
    displayName: String
    modelName: String
    entityName: String
    description: String
    notes: String
    groupName: String
    jobType: String
    tags: [String!]
    config: JSONString
    summaryMetrics: JSONString
    commit: String
    host: String
    debug: Boolean
    jobProgram: String
    jobRepo: String
    state: String
    sweep: String
  }
  type UpsertBucketPayload {
    bucket: Run
    inserted: Boolean
  }

  input RewindRunInput {
    runName: String!
    entityName: String
    projectName: String
    metricName: String!
    metricValue: Float!
  }
  type RewindRunPayload {
    rewoundRun: Run
  }

  input StopRunInput {
    id: ID!
  }
  type StopRunPayload {
    success: Boolean
  }

  input UpdateRunStateInput {
    id: ID!
    state: String!
  }
  type UpdateRunStatePayload {
    success: Boolean
  }

  input DeleteRunInput {
    id: ID!
    deleteArtifacts: Boolean
  }
  type DeleteRunPayload {
    success: Boolean
    clientMutationId: String
  }

  input CreateRunFilesInput {
    entityName: String
    projectName: String
    runName: String!
    files: [String!]!
  }
  type CreateRunFilesPayload {
    runID: ID
    "Lines of the form Name:value."
    uploadHeaders: [String!]!
    files: [File!]!
  }

  input MarkRunFilesUploadedInput {
    entityName: String
    projectName: String
    runName: String!
    files: [String!]!
  }
  type MarkRunFilesUploadedPayload {
    success: Boolean
  }

  input DeleteFilesInput {
    files: [ID!]!
    projectId: Int
  }
  type DeleteFilesPayload {
    success: Boolean
  }

  input NotifyScriptableRunAlertInput {
    entityName: String
    projectName: String
    runName: String!
    title: String!
    text: String!
    severity: AlertSeverity
    waitDuration: Duration
  }
  type NotifyScriptableRunAlertPayload {
    success: Boolean
  }
`;
