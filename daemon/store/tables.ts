// Owns the set of tables that a transaction works on.

import type { DatabaseSync } from 'node:sqlite';
import { Audit } from './audit.ts';
import { Boards } from './boards.ts';
import { Devices } from './devices.ts';
import { Factors } from './factors.ts';
import { Letters } from './letters.ts';
import { Mails } from './mail.ts';
import { MailedCodes } from './mailed-codes.ts';
import { PasswordResets } from './password-resets.ts';
import { Policies } from './policies.ts';
import { RecoveryCodes } from './recovery-codes.ts';
import { Redemptions } from './redemptions.ts';
import type { Sealing } from './seal.ts';
import { SecurityEmails } from './security-emails.ts';
import { StoredLogins } from './stored-logins.ts';
import { Users } from './users.ts';

export interface Tables {
  readonly users: Users;
  readonly factors: Factors;
  readonly recoveryCodes: RecoveryCodes;
  readonly redemptions: Redemptions;
  readonly devices: Devices;
  readonly securityEmails: SecurityEmails;
  readonly mailedCodes: MailedCodes;
  readonly storedLogins: StoredLogins;
  readonly passwordResets: PasswordResets;
  readonly mail: Mails;
  readonly letters: Letters;
  readonly policies: Policies;
  readonly audit: Audit;
  readonly boards: Boards;
}

/**
 * @param auditRows how many audit rows are kept.
 * @param sealing what the tables seal by themselves is sealed with.
 */
export function tablesOf(db: DatabaseSync, auditRows: number, sealing: Sealing): Tables {
  return {
    users: new Users(db),
    factors: new Factors(db),
    recoveryCodes: new RecoveryCodes(db),
    redemptions: new Redemptions(db),
    devices: new Devices(db),
    securityEmails: new SecurityEmails(db),
    mailedCodes: new MailedCodes(db),
    storedLogins: new StoredLogins(db),
    passwordResets: new PasswordResets(db),
    mail: new Mails(db, sealing),
    letters: new Letters(db, sealing),
    policies: new Policies(db),
    audit: new Audit(db, auditRows),
    boards: new Boards(db),
  };
}
