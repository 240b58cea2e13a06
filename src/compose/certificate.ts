/** Connects the watch of the certificate files with the listener that uses them. Only server.ts calls this. */
import { startCertificateWatch } from '../http/certificate-watch.js';
import type { Listener } from '../http/listener.js';
import type { Parts } from './parts.js';

/** Watches the certificate files, if there are any. Returns the function that checks at once. */
export function watchCertificate({ config, logger, closers }: Parts, listener: Listener): () => void {
  if (config.tls === undefined) return () => {};
  const current = config.tls;
  const read = () => config.readTls() ?? current;
  const watch = startCertificateWatch({ read, current, use: (pair) => listener.setCertificate(pair), log: logger });
  closers.add(() => watch.stop());
  return () => watch.look();
}
