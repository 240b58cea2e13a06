/** The types of smoke-start.mjs, for what is compiled. */
export function playStart(
  command: string,
  options?: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly see?: (chunk: Buffer) => void;
    readonly whenReady?: (origin: string) => void | Promise<void>;
  },
): Promise<void>;
