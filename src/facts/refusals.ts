/**
 * Every refusal of the pipeline, one row each. A code is `<step>.<reason>`. `oauthError` and `description` go to the
 * application (Auth0's texts where it has one); the person reads `title`, `sentence` and `advice`, which must not tell
 * whether an account exists. The operator reads the rest, in the console and in docs/errors.md. Never contains the
 * private detail of a refusal, which belongs in the trace and the log. Only data.
 */
import { ACT } from './refusals/act.js';
import { ADMIT } from './refusals/admit.js';
import { AUTHENTICATE } from './refusals/authenticate.js';
import { COMMIT } from './refusals/commit.js';
import { IDENTIFY } from './refusals/identify.js';
import { RESOLVE } from './refusals/resolve.js';

export const REFUSALS = { ...IDENTIFY, ...AUTHENTICATE, ...RESOLVE, ...ADMIT, ...ACT, ...COMMIT } as const;

export type RefusalCode = keyof typeof REFUSALS;
