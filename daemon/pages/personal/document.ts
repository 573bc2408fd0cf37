// Owns what Personal Settings know of the own account.

import type { UserDocument } from '../../wire/admin.ts';

export type Me = UserDocument;
export type SecurityEmail = Me['securityEmail'];

/** What each part of the page is given. */
export interface PartProps {
  readonly me: Me;
  /** Something changed: the page asks anew. */
  readonly reload: () => Promise<void>;
}
