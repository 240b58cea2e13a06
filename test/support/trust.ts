/** Makes this process trust an authority of a test's own: for the tests that speak https with what Node's `fetch` is. */
import { readFileSync } from 'node:fs';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

/** `ca` is a PEM file. Returns what takes the trust back. */
export function trustAuthority(ca: string): () => Promise<void> {
  const before = getGlobalDispatcher();
  const agent = new Agent({ connect: { ca: readFileSync(ca, 'utf8') } });
  setGlobalDispatcher(agent);
  return async () => {
    setGlobalDispatcher(before);
    await agent.close();
  };
}
