// Owns the list of users: searched, each with its state and an address of its own.

import { useEffect, useState } from 'preact/hooks';
import type { Me } from '../personal/document.ts';
import { useWords } from '../shared/language.tsx';
import { useLoaded } from '../shared/loaded.ts';
import { Card, TextField } from '../shared/ui.tsx';
import { Waiting } from '../shared/waiting.tsx';
import { Badges } from './badges.tsx';
import { User } from './user.tsx';
import { USERS } from './users-words.ts';

function nameNow(): string | null {
  const name = location.hash.split('/')[1];
  return name ? decodeURIComponent(name) : null;
}

export function Users() {
  const words = useWords(USERS);
  const loaded = useLoaded<{ users: Me[] }>('admin/users');
  const [search, setSearch] = useState('');
  const [name, setName] = useState(nameNow);
  useEffect(() => {
    const follow = () => setName(nameNow());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  if (!loaded.body) return <Waiting on={loaded} />;
  const open = loaded.body.users.find((user) => user.name === name);
  if (open) return <User key={open.name} user={open} renew={loaded.renew} />;
  const wanted = search.trim().toLowerCase();
  const found = loaded.body.users.filter((user) => user.name.toLowerCase().includes(wanted));
  return (
    <Card title={words.title}>
      <TextField label={words.search} type="search" autoComplete="off" value={search} onText={setSearch} />
      {found.length === 0 && <p role="status">{words.none}</p>}
      <ul class="list" data-test="users">
        {found.map((user) => (
          <li class="row apart" key={user.name}>
            <a href={`#users/${encodeURIComponent(user.name)}`}>{user.name}</a>
            <Badges user={user} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
