// Owns how rows of the audit trail are listed, newest first, page by page.

import { useEffect, useState } from 'preact/hooks';
import type { AuditDocument } from '../../wire/admin.ts';
import { call, isGood } from './api.ts';
import { AUDIT, OUTCOMES, REASONS } from './audit-words.ts';
import { useLanguage, useMoment, useWords } from './language.tsx';
import { type Trouble, TroubleNote, troubleOf } from './refusal.tsx';
import { Button, Scroll } from './ui.tsx';
import { WORDS } from './words.ts';

interface Page {
  readonly rows: readonly AuditDocument[];
  readonly next: number | null;
}

interface Props {
  readonly path: string;
  /** A filter, as a query without `before`. */
  readonly query?: string;
  readonly withUser?: boolean;
}

const BAD = new Set(['refused', 'deny']);

export function AuditList({ path, query = 'limit=20', withUser = false }: Props) {
  const words = useWords(WORDS);
  const audit = useWords(AUDIT);
  const outcomes = useWords(OUTCOMES);
  const reasons = useWords(REASONS);
  const language = useLanguage();
  const moment = useMoment();
  const [rows, setRows] = useState<readonly AuditDocument[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  const load = async (before: number | null) => {
    const reply = await call<Page>('GET', `${path}?${query}${before === null ? '' : `&before=${before}`}`);
    setTrouble(troubleOf(reply, words, language));
    if (!isGood(reply)) return;
    setRows((known) => (before === null ? reply.body.rows : [...(known ?? []), ...reply.body.rows]));
    setNext(reply.body.next);
  };
  useEffect(() => void load(null), [path, query]);

  if (trouble) return <TroubleNote trouble={trouble} />;
  if (!rows) return <p role="status">{words.loading}</p>;
  if (rows.length === 0) return <p class="soft">{audit.none}</p>;
  const why = ({ because, outcome }: AuditDocument) => {
    const [reason = '', detail] = because?.split(': ') ?? [];
    const known = reasons[detail ?? reason] ?? reasons[reason];
    return because === null || outcome === because ? '' : (known ?? because);
  };
  return (
    <div class="stack">
      <Scroll label={audit.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{audit.time}</th>
              {withUser && <th scope="col">{audit.user}</th>}
              <th scope="col">{audit.what}</th>
              <th scope="col">{audit.from}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td class="number">{moment(row.time)}</td>
                {withUser && <td>{row.user}</td>}
                <td>
                  <strong>{outcomes[row.outcome] ?? row.outcome}</strong>
                  {why(row) && <div class={BAD.has(row.outcome) ? 'small' : 'small soft'}>{why(row)}</div>}
                  {row.actor && <div class="small soft">{`${audit.by} ${row.actor}`}</div>}
                </td>
                <td class="small">{[row.service, row.address].filter(Boolean).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {next !== null && (
        <div>
          <Button onPress={() => void load(next)}>{audit.more}</Button>
        </div>
      )}
    </div>
  );
}
