import { escapeXml } from './xml.js';

/** A refusal in the service's own terms: HTTP status, error code and message. */
export class StorageError extends Error {
  readonly status: number;
  readonly code: string;
  /** Further response headers that belong to this refusal. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: { status: number; code: string; message: string; headers?: Record<string, string> }) {
    super(options.message);
    this.name = 'StorageError';
    this.status = options.status;
    this.code = options.code;
    this.headers = options.headers ?? {};
  }
}

/** The error codes this server uses, each with the status and the meaning that the service documents for it. */
export type StorageErrorCode = keyof typeof ERRORS;

/** Makes the error of that code; `detail` is appended to its message. */
export function storageError(
  code: StorageErrorCode,
  options: { detail?: string; headers?: Record<string, string> } = {},
): StorageError {
  const [status, meaning] = ERRORS[code];
  const message = options.detail === undefined ? meaning : `${meaning} ${options.detail}`;
  return new StorageError({ status, code, message, headers: options.headers ?? {} });
}

/** The XML body with which the service reports an error. */
export function errorXml(error: StorageError, requestId: string): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    `<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}\nRequestId:${requestId}\n` +
    `Time:${new Date().toISOString()}</Message></Error>`
  );
}

const ERRORS = {
  AuthenticationFailed: [403, 'The request is not signed by the account key.'],
  BlobAlreadyExists: [409, 'There is a blob of this name already.'],
  BlobNotFound: [404, 'There is no blob of this name.'],
  BothCrc64AndMd5HeaderPresent: [400, 'A content is checked by its MD5 or by its CRC64, not by both.'],
  ConditionNotMet: [412, 'A conditional header of the request does not hold.'],
  ContainerAlreadyExists: [409, 'There is a container of this name already.'],
  ContainerNotFound: [404, 'There is no container of this name.'],
  Crc64Mismatch: [400, 'The content does not have the CRC64 that the request states.'],
  InternalError: [500, 'The server failed on this request.'],
  InvalidHeaderValue: [400, 'A header has a value that is not allowed.'],
  InvalidMd5: [400, 'The Content-MD5 header is not the base64 of 16 bytes.'],
  InvalidMetadata: [400, 'A metadata name is not an identifier, or is there twice.'],
  InvalidQueryParameterValue: [400, 'A query parameter has a value that is not allowed.'],
  InvalidRange: [416, 'The range starts past the end of the blob.'],
  InvalidResourceName: [400, 'The name has characters that are not allowed.'],
  InvalidUri: [400, 'The path cannot be decoded.'],
  Md5Mismatch: [400, 'The content does not have the MD5 that the request states.'],
  MetadataTooLarge: [400, 'The metadata is larger than 8 KiB.'],
  MissingContentLengthHeader: [411, 'The Content-Length header is missing.'],
  MissingRequiredHeader: [400, 'A header that this operation needs is missing.'],
  MultipleConditionHeadersNotSupported: [400, 'These conditional headers cannot be combined.'],
  NotImplemented: [501, 'This server has no such operation.'],
  OutOfRangeInput: [400, 'The name is too short or too long.'],
  OutOfRangeQueryParameterValue: [400, 'A query parameter is out of its range.'],
  RequestBodyTooLarge: [413, 'The body is larger than this server takes.'],
  ServerBusy: [503, 'The server is busy. Try again later.'],
  UnsatisfiableCondition: [400, 'The condition can never hold for a read.'],
  UnsupportedHttpVerb: [405, 'The resource has no such method.'],
} as const satisfies Record<string, readonly [number, string]>;
