/** Where reading is in a file. */
export interface FilePosition {
  /** Bytes of the decompressed file before it. */
  byte: number;
  /** Rows of data before it. Empty lines and rows of only empty cells are not rows. */
  row: number;
  /** Physical lines before it. */
  line: number;
  /**
   * After a fault, how the rest is cut: in `rows` if only their text is broken; in `lines` if nothing shows where rows
   * end. Nothing of the rest is to be processed.
   */
  broken?: 'rows' | 'lines';
}

/** Why a file cannot be read further. */
export type FileFaultCode =
  | 'EMPTY'
  | 'NOT_TEXT'
  | 'NOT_UTF8'
  | 'NOT_CSV'
  | 'ROW_TOO_LARGE'
  | 'CUT_SHORT'
  | GzipFaultCode;

export type GzipFaultCode = 'NOT_GZIP' | 'GZIP_CUT_SHORT' | 'GZIP_DAMAGED' | 'TOO_LARGE';

export interface FileFault {
  code: FileFaultCode;
  /** Names line and byte, the fault and its remedy, for a person. */
  message: string;
  /** The byte of the fault, or where its row begins. */
  at: FilePosition;
}

/** The error of a file that is not gzip as a whole. What could be decompressed was delivered before. */
export class GzipError extends Error {
  readonly code: GzipFaultCode;

  constructor(code: GzipFaultCode, message: string) {
    super(message);
    this.name = 'GzipError';
    this.code = code;
  }
}
