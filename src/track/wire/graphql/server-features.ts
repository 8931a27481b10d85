/**
 * Features that clients ask for by name (`serverInfo.features`) and that we have. A name that is missing is off.
 */
export const SERVER_FEATURES = [
  /** Console lines arrive as JSON objects with time, level and label. */
  'STRUCTURED_CONSOLE_LOGS',
  'FILESTREAM_GZIP',
  /** `Run.upload_file` says when it is done. */
  'MARK_RUN_FILES_UPLOADED',
  'UPDATE_RUN_STATE',
  'TOTAL_COUNT_IN_FILE_CONNECTION',
] as const;
