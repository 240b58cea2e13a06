/**
 * Guesses the browser and operating system from a user agent, for a short text. The log line itself has the whole user
 * agent.
 */

const BROWSERS: readonly (readonly [sign: RegExp, name: string])[] = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  // Must come after Chrome and Edge: their user agents contain "Safari" too.
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

/**
 * Returns "Chrome on Windows", or only the browser if the system is unknown. Returns the first 80 characters of the
 * text if no browser is recognized, and undefined if there is no text.
 */
export function tellAgent(agent: string | undefined): string | undefined {
  if (agent === undefined || agent === '') return undefined;
  const [browser, system] = [BROWSERS, SYSTEMS].map((signs) => signs.find(([sign]) => sign.test(agent))?.[1]);
  if (browser === undefined) return agent.slice(0, 80);
  return system === undefined ? browser : `${browser} on ${system}`;
}
