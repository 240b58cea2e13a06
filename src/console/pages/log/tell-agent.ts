/**
 * Names the browser and system of a user agent; the raw line has the whole text. It guesses, and says nothing where it
 * cannot.
 */

const BROWSERS: readonly (readonly [sign: RegExp, name: string])[] = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  // Matched after Chrome and Edge, which contain this word too.
  [/Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
];

const SYSTEMS: readonly (readonly [sign: RegExp, name: string])[] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** Names browser and system: "Chrome on Windows". Returns the text itself for another program; undefined for none. */
export function tellAgent(agent: string | undefined): string | undefined {
  if (agent === undefined || agent === '') return undefined;
  const [browser, system] = [BROWSERS, SYSTEMS].map((signs) => signs.find(([sign]) => sign.test(agent))?.[1]);
  if (browser === undefined) return agent.slice(0, 80);
  return system === undefined ? browser : `${browser} on ${system}`;
}
