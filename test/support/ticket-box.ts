/** The secret box for tickets of tests without a server. */
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';

export const TICKET_BOX = createSecretBox(Buffer.alloc(32, 7), 'tickets', systemEntropy);
