/**
 * `/email-templates`: the tenant's own templates of its mails, in Liquid. A template that cannot be used is refused
 * when it is written. A template never decides whether a mail is sent, or what its link permits.
 */
import { MAX_BODY_CHARACTERS, MAX_LINE_CHARACTERS, type OwnWords } from '../../domain/mail/mail-template.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { orConflict, TEXT_OR_NULL, viewOf } from '../api/wire.js';

interface TemplateBody {
  readonly template?: string;
  readonly body?: string | null;
  readonly from?: string | null;
  readonly subject?: string | null;
  readonly resultUrl?: string | null;
  readonly syntax?: string | null;
  readonly urlLifetimeInSeconds?: number | null;
  readonly includeEmailInRedirect?: boolean;
  readonly enabled?: boolean | null;
}

const noTemplate = () => notFound('The template does not exist.', 'inexistent_email_template');

const TEMPLATE = viewOf<OwnWords>({
  template: ['string', ({ name }) => name],
  body: [TEXT_OR_NULL, ({ body }) => body],
  from: [TEXT_OR_NULL, ({ from }) => from],
  subject: [TEXT_OR_NULL, ({ subject }) => subject],
  resultUrl: [TEXT_OR_NULL, ({ resultUrl }) => resultUrl],
  syntax: [TEXT_OR_NULL, ({ syntax }) => syntax],
  urlLifetimeInSeconds: [{ type: ['number', 'null'] }, ({ urlLifetimeSeconds }) => urlLifetimeSeconds],
  'includeEmailInRedirect?': ['boolean', ({ includeEmailInRedirect }) => includeEmailInRedirect],
  enabled: [{ type: ['boolean', 'null'] }, ({ enabled }) => enabled],
});

const NOTHING: Omit<OwnWords, 'name'> = {
  ...{ body: null, from: null, subject: null, resultUrl: null, syntax: 'liquid', urlLifetimeSeconds: null },
  ...{ includeEmailInRedirect: undefined, enabled: false },
};

function toWords(name: string, body: TemplateBody, before: Omit<OwnWords, 'name'>): OwnWords {
  const or = <Value>(given: Value | undefined, kept: Value): Value => (given === undefined ? kept : given);
  return {
    name,
    body: or(body.body, before.body),
    from: or(body.from, before.from),
    subject: or(body.subject, before.subject),
    resultUrl: or(body.resultUrl, before.resultUrl),
    syntax: or(body.syntax, before.syntax),
    urlLifetimeSeconds: or(body.urlLifetimeInSeconds, before.urlLifetimeSeconds),
    includeEmailInRedirect: body.includeEmailInRedirect ?? before.includeEmailInRedirect,
    enabled: or(body.enabled, before.enabled),
  };
}

async function check(deps: ManagementDeps, words: OwnWords, body: TemplateBody): Promise<OwnWords> {
  if (body.template !== undefined && body.template !== words.name)
    throw badBody(`The template is ${words.name}: it cannot become ${body.template}.`);
  if (words.syntax !== null && words.syntax !== 'liquid') throw badBody('syntax is liquid: no other one is available.');
  for (const [name, text, most] of [
    ['body', words.body, MAX_BODY_CHARACTERS],
    ['subject', words.subject, MAX_LINE_CHARACTERS],
    ['from', words.from, MAX_LINE_CHARACTERS],
    ['resultUrl', words.resultUrl, MAX_LINE_CHARACTERS],
  ] as const)
    if ((text?.length ?? 0) > most) throw badBody(`${name} has more than ${most} characters.`);
  const problem = await deps.checkMailWords(words);
  if (problem !== undefined) throw badBody(`${problem}.`);
  return words;
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as TemplateBody & { readonly template: string };
  const words = await check(deps, toWords(body.template, body, NOTHING), body);
  if ((await call.directory.emails.findWords(words.name)) !== undefined)
    throw conflict(`Template ${words.name} already exists.`);
  await orConflict(`Template ${words.name} already exists.`, call.directory.emails.createWords(words, call.now));
  return { body: TEMPLATE.show(words) };
}

async function getWords(call: Call): Promise<OwnWords> {
  const words = await call.directory.emails.findWords(call.params.templateName ?? '');
  if (words === undefined) throw noTemplate();
  return words;
}

/** Replaces the texts of a template. PATCH keeps properties that the request does not name; PUT removes them. */
async function update(deps: ManagementDeps, call: Call, from: 'what-was' | 'nothing'): Promise<Reply> {
  const before = await getWords(call);
  const body = call.body as TemplateBody;
  const words = await check(deps, toWords(before.name, body, from === 'nothing' ? NOTHING : before), body);
  if (!(await call.directory.emails.updateWords(words, call.now))) throw noTemplate();
  return { body: TEMPLATE.show(words) };
}

/** Returns the operations on `/email-templates`. */
export function emailTemplateOperations(deps: ManagementDeps): Operation[] {
  const path = '/email-templates';
  const reply = TEMPLATE.schema;
  const one = { path: `${path}/{templateName}`, status: 200, reply, refusals: [404] } as const;
  return [
    {
      method: 'post',
      path,
      summary: 'Create an email template',
      reply,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      ...one,
      method: 'get',
      summary: 'Get an email template',
      run: async (call) => ({ body: TEMPLATE.show(await getWords(call)) }),
    },
    {
      ...one,
      method: 'patch',
      summary: 'Patch an email template',
      run: (call) => update(deps, call, 'what-was'),
    },
    {
      ...one,
      method: 'put',
      summary: 'Update an email template',
      run: (call) => update(deps, call, 'nothing'),
    },
  ];
}
