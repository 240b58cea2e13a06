-- The organization whose administrators made the connection by the My Organization API; null for a connection of the operators. No foreign key: after the
-- organization is deleted its id stays here, so the settings that a customer wrote never pass to anybody until an operator takes the connection over.
alter table connections add column managed_by_organization text;

-- The provider of a customer's connection changed after this subject was bound or expected: the person proves the account again before the subject counts.
alter table identities add column prove_again boolean not null default false;
