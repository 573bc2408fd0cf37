// Owns the audit trail of the whole NAS, by user.

import { useState } from 'preact/hooks';
import { AuditList } from '../shared/audit-list.tsx';
import { useWords } from '../shared/language.tsx';
import { Button, Card, TextField } from '../shared/ui.tsx';
import { SYSTEM } from './words.ts';

export function Audit() {
  const words = useWords(SYSTEM);
  const [typed, setTyped] = useState('');
  const [user, setUser] = useState('');
  const query = user === '' ? 'limit=50' : `limit=50&user=${encodeURIComponent(user)}`;
  return (
    <Card title={words.tabs.audit}>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          setUser(typed.trim());
        }}
      >
        <div class="grow">
          <TextField
            label={words.filterUser}
            type="search"
            autoComplete="off"
            value={typed}
            onText={setTyped}
          />
        </div>
        <Button submit>{words.filter}</Button>
      </form>
      <AuditList key={query} path="admin/audit" query={query} withUser />
    </Card>
  );
}
