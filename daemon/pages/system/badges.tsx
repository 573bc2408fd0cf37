// Owns the marks that say in a word or two how a user stands.

import type { Me } from '../personal/document.ts';
import { useWords } from '../shared/language.tsx';
import { Badge } from '../shared/ui.tsx';
import { USERS } from './users-words.ts';

export function Badges({ user }: { readonly user: Me }) {
  const words = useWords(USERS);
  const enrolled = user.state === 'enrolled';
  const lost = user.state !== 'enrolled' && user.state !== 'not-enrolled';
  return (
    <span class="row">
      {user.administrator && <Badge>{words.administrator}</Badge>}
      {user.required && <Badge>{words.required}</Badge>}
      {enrolled && !user.ready && <Badge tone="warn">{words.notReady}</Badge>}
      {user.totpSuspended && <Badge tone="bad">{words.suspended}</Badge>}
      {user.form === 'pair' && <Badge tone="warn">{words.pairs}</Badge>}
      <Badge tone={enrolled ? 'good' : lost ? 'bad' : undefined}>{words.states[user.state]}</Badge>
    </span>
  );
}
