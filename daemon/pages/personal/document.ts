// Owns what Personal Settings know of the own account.

import type { UserDocument } from '../../wire/admin.ts';

export interface SecurityEmail {
  readonly address: string | null;
  readonly confirmed: boolean;
  readonly pending: string | null;
}

export type Me = UserDocument & {
  readonly securityEmail?: SecurityEmail;
  readonly trustedDevices?: number;
};

/** What each part of the page is given. */
export interface PartProps {
  readonly me: Me;
  /** Something changed: the page asks anew. */
  readonly reload: () => Promise<void>;
}
