/** What an operation answers; the endpoint adds the headers that every answer has. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | number>;
  readonly body?: Buffer | string;
}
