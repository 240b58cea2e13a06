/** The API's answers that the pages about organizations read. A property is used only if the API sent it. */

import type { TraceLine } from '../../lines/answers';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly blocked: boolean;
  readonly branding?: {
    readonly logo_url?: string;
    readonly colors?: { readonly primary?: string; readonly page_background?: string };
  };
}

export interface RoleName {
  readonly id: string;
  readonly name: string;
}

export interface PersonIdentity {
  readonly provider: string;
  readonly connection_id: string;
  readonly connection: string;
  readonly status: 'bound' | 'expected';
  readonly user_id?: string;
  readonly expected_email?: string;
}

/** A member, with the facts that decide how they can sign in. */
export interface Person {
  readonly user_id: string;
  readonly email?: string;
  readonly email_verified: boolean;
  readonly name?: string;
  readonly blocked: boolean;
  readonly has_password: boolean;
  readonly last_login?: string;
  readonly other_organizations: number;
  readonly member: {
    readonly roles: readonly RoleName[];
    readonly break_glass: boolean;
    /** Sign-ins to this organization by any connection; null before the first. */
    readonly first_login: string | null;
    readonly last_login: string | null;
    /** First sign-in here by the account's password or code: evidence for the linking rule, not a count of visits. */
    readonly own_proof_at: string | null;
    readonly via: 'invited' | 'auto' | 'action' | 'management';
  };
  readonly identities: readonly PersonIdentity[];
}

export interface Totals {
  readonly members: number;
  readonly with_password: number;
  readonly break_glass: number;
  readonly never_logged_in: number;
}

/** Numbers about one connection of the organization. */
export interface ConnectionTotals {
  readonly bound: number;
  readonly bound_without_password: number;
  readonly expected: number;
  readonly addresses_led: number;
  readonly only_password: number;
  readonly only_password_break_glass: number;
}

export interface Invitation {
  readonly id: string;
  readonly inviter: { readonly name: string };
  readonly invitee: { readonly email: string };
  readonly invitation_url?: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly client_id: string;
  readonly connection_id?: string;
  readonly roles?: readonly string[];
}

/** The organization's settings for a connection. */
export interface Enablement {
  readonly connection_id: string;
  readonly connection: { readonly name: string; readonly strategy: string };
  readonly assign_membership_on_login: boolean;
  readonly show_as_button: boolean;
  readonly is_signup_enabled: boolean;
  /** Absent means `verified_email`. */
  readonly link_existing_members?: 'verified_email' | 'never';
  /** Absent means `optional`. */
  readonly sso_rollout?: 'optional' | 'required';
  readonly auto_membership_condition?: string | null;
  readonly pilot_emails?: readonly string[] | null;
}

export interface Domain {
  readonly id: string;
  readonly domain: string;
  readonly status: 'pending' | 'verified';
  readonly verification_txt: string;
  readonly verification_host: string;
  readonly use_for_organization_discovery: boolean;
  readonly proof?: 'dns' | 'operator';
  readonly checked_at?: string;
  readonly expires_at?: string;
  readonly check?: { readonly result: string; readonly message: string };
}

export interface Explanation {
  readonly outcome: 'admitted' | 'refused' | 'proof_required';
  readonly rule: string;
  readonly user_id?: string;
  readonly trace: readonly TraceLine[];
}

/** Returns the name of a person, else the address, else the id. */
export function callPerson({ name, email, user_id: id }: Pick<Person, 'name' | 'email' | 'user_id'>): string {
  return name || email || id;
}

/** Returns a number with its noun: "12 members", "1 member". */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
