/**
 * `/branding/templates/universal-login`: the tenant's own page template. It is checked, stored and returned, so that
 * tools see no difference from Auth0, but it is never shown. Attack: a tenant's HTML on the origin where passwords are
 * typed steals every account (ADR 0058).
 */
import { badBody, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { replyOf } from '../api/wire.js';

const NAME = 'universal-login';
/** The Liquid tags that a page template must contain. */
const REQUIRED = {
  'auth0:head': /\{%-?\s{0,20}auth0:head\s{0,20}-?%\}/,
  'auth0:widget': /\{%-?\s{0,20}auth0:widget\s{0,20}-?%\}/,
};

async function put(call: Call): Promise<Reply> {
  const template = typeof call.body === 'string' ? call.body : (call.body as { readonly template: string }).template;
  for (const [tag, pattern] of Object.entries(REQUIRED))
    if (!pattern.test(template)) throw badBody(`The template must contain {%- ${tag} -%}.`);
  const isNew = await call.directory.branding.putTemplate(NAME, template);
  return isNew ? { body: {} } : { empty: true };
}

async function get(call: Call): Promise<Reply> {
  const body = await call.directory.branding.findTemplate(NAME);
  if (body === undefined) throw notFound('Template does not exist.');
  return { body: { body } };
}

/** Returns the operations on the template of the sign-in pages. */
export function templateOperations(): Operation[] {
  const path = `/branding/templates/${NAME}`;
  const summary = 'the template of the sign-in pages';
  return [
    {
      method: 'get',
      path,
      summary: `Get ${summary}`,
      reply: replyOf({ body: 'string' }),
      refusals: [404],
      run: get,
    },
    {
      method: 'put',
      path,
      summary: `Set ${summary}`,
      status: 201,
      reply: { ...replyOf({}), additionalProperties: false },
      mayBeEmpty: true,
      run: put,
    },
    {
      method: 'delete',
      path,
      summary: `Delete ${summary}`,
      async run(call) {
        await call.directory.branding.deleteTemplate(NAME);
        return {};
      },
    },
  ];
}
