/** What the keys of objects begin with; each function may use some of them. */
export const FILES_PREFIXES = {
  /** What clients upload. */
  uploads: 'uploads/',
  /** Rows of an upload, at most 10,000 each. */
  chunks: 'chunks/',
  /** What became of the rows, for clients to download. */
  results: 'results/',
} as const;

export type FilesPrefix = (typeof FILES_PREFIXES)[keyof typeof FILES_PREFIXES];
