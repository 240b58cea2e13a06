/** Errors about identity providers of an organization. Knows no operation. */
import { notFound } from '../api/errors.js';

/** One answer for a connection that does not exist, and for one that is not this organization's. */
export const noIdp = () => notFound('The IdP does not exist.');
