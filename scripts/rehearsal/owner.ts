/** Address and password of the owner in the rehearsal; the password is that of the tests' cast. Starts nothing. */
export const OWNER = 'olga@company.example';
