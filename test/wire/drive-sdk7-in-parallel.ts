/** Makes four calls at once with the unmodified `auth0` SDK 7. Run as a process of its own; prints one JSON line like drive-sdk7.ts. */
import { ManagementClient } from 'auth0';
import { createRecorder } from './recorder.js';

const [, , domain = '', clientId = '', clientSecret = ''] = process.argv;
const { step, print } = createRecorder();
const management = new ManagementClient({ domain, clientId, clientSecret });
await Promise.all([1, 2, 3, 4].map((call) => step(`roles.list ${call}`, () => management.roles.list())));
print();
