-- The organization whose administrators made the connection by the My Organization API; null for a connection of the operators. No foreign key: after the
-- organization is deleted its id stays here, so the settings that a customer wrote never pass to anybody until an operator takes the connection over.
alter table connections add column managed_by_organization text;
