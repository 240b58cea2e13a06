/** Messages between the primary process of `serve --workers` and its workers, over the channel that Node opens. */

/** Messages to a worker. */
export type ToWorker =
  /** Start, with the database at this address (it contains the password) and as one of so many workers. */
  | { readonly vestibule: 'start'; readonly databaseUrl: string; readonly workers: number }
  /** Finish the requests in progress and end. */
  | { readonly vestibule: 'stop' }
  /** Read the certificate files again. */
  | { readonly vestibule: 'reload' };

/** Messages to the primary. */
export type ToPrimary =
  /** It listens now: Node drops what is sent before. */
  | { readonly vestibule: 'listening' }
  | { readonly vestibule: 'ready'; readonly firstOperatorLink: string | undefined }
  /** The start failed for this reason, a sentence for the operator. */
  | { readonly vestibule: 'failed'; readonly reason: string };

/** Returns whether a message is one of ours: the library for metrics uses the same channel. */
export const isOurs = (message: unknown): message is { readonly vestibule: string } =>
  typeof message === 'object' && message !== null && 'vestibule' in message;
