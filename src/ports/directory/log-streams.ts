/** Port: log streams, as an administrator configures them. The worker that sends lines has its own statements. */
import type { LogStream } from '../../domain/log-stream.js';

export type NewLogStream = Omit<LogStream, 'trouble' | 'updatedAt'>;
export type LogStreamChanges = Partial<Pick<LogStream, 'name' | 'status' | 'isPriority' | 'filters' | 'sink'>>;

export interface LogStreamDirectory {
  /** Lists all streams, oldest first. */
  list(): Promise<readonly LogStream[]>;
  find(id: string): Promise<LogStream | undefined>;
  /**
   * Creates the stream. It begins with the lines committed from now on, or with the first one not older than
   * `startFrom`.
   */
  create(stream: NewLogStream): Promise<void>;
  /** Continues at once with the first line that was not sent. Undefined when there is no such stream. */
  update(id: string, changes: LogStreamChanges, at: Date): Promise<LogStream | undefined>;
  delete(id: string): Promise<boolean>;
}
