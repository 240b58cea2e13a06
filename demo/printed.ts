/**
 * The text that `npm start` prints: addresses, and suggestions to try. Short and aligned; colored only on a terminal.
 */
import type { Addresses, Move, PartName } from './addresses.js';

const NAMES: Readonly<Record<PartName, string>> = {
  stage: 'stage',
  application: 'application',
  vestibule: 'Vestibule',
  acmeIdp: "Acme's IdP",
  evilIdp: "Evil Corp's IdP",
  globexIdp: "Globex' IdP",
};

/** Returns one line for each port that was in use. */
export function describeMoves(moves: readonly Move[]): readonly string[] {
  return moves.map(({ part, wanted, got }) => `Port ${wanted} is taken: ${NAMES[part]} listens on ${got} instead.`);
}

/** Returns the text about the running demo. `where` names the place of its data. */
export function describeDemo(addresses: Addresses, where: string, colour: boolean): readonly string[] {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const row = (name: string, address: string, about: string): string =>
    `  ${name.padEnd(16)}${paint(36, address)}   ${about}`;
  return [
    '',
    paint(1, 'The Vestibule demo runs.'),
    '',
    row('stage', addresses.stage, 'start here: plays the stories'),
    row(NAMES.application, addresses.application, 'an application, "Notebook"'),
    row('mailbox', `${addresses.stage}/mail`, 'codes and invitations'),
    row(NAMES.vestibule, addresses.vestibule, 'the server'),
    row(NAMES.acmeIdp, addresses.acmeIdp, 'Ada, Ivy, Dana, Sam, Nora, Uma'),
    row(NAMES.evilIdp, addresses.evilIdp, 'Mallory, who asserts anything'),
    row(NAMES.globexIdp, addresses.globexIdp, 'the people of story 13'),
    '',
    'Try: open the stage and play story 03; the stranger leaves a row of zeros.',
    'By hand: open the application, "Sign in to Acme", type dana@acme.example.',
    `Data: ${where}. Ctrl-C stops everything.`,
  ];
}
