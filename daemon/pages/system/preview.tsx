// Owns the look at a policy before it bites: who is in it, who has enrolled, who would be stuck.

import type { PreviewDocument } from '../../wire/admin.ts';
import { useMoment, useWords } from '../shared/language.tsx';
import { Badge, Card, Note, Scroll } from '../shared/ui.tsx';
import { MANDATORY } from './mandatory-words.ts';

export function Preview({ preview }: { readonly preview: PreviewDocument }) {
  const words = useWords(MANDATORY);
  const moment = useMoment();
  const { counts, users, stuck, complete } = preview;
  return (
    <Card title={words.previewTitle}>
      <p role="status">
        {[
          words.inScope(counts.inScope),
          words.enrolled(counts.enrolled),
          words.notEnrolled(counts.notEnrolled),
          words.exempt(counts.exempt),
        ].join(' · ')}
      </p>
      {stuck.length > 0 && <Note tone="warn">{words.stuck(stuck.join(', '))}</Note>}
      {!complete && <Note tone="warn">{words.incomplete}</Note>}
      {users.length === 0 ? (
        <p class="soft">{words.nobody}</p>
      ) : (
        <Scroll label={words.previewTitle}>
          <table data-test="preview">
            <thead>
              <tr>
                <th scope="col">{words.user}</th>
                <th scope="col">{words.state}</th>
                <th scope="col">{words.codes}</th>
                <th scope="col">{words.grace1}</th>
              </tr>
            </thead>
            <tbody>
              {users.map((user) => (
                <tr key={user.name}>
                  <td>
                    {user.name} {user.administrator && <Badge>{words.administrator}</Badge>}
                  </td>
                  <td>
                    <Badge tone={user.state === 'enrolled' ? 'good' : 'warn'}>
                      {words.states[user.state]}
                    </Badge>
                  </td>
                  <td class="number">{user.recoveryCodes}</td>
                  <td class="number">{user.graceUntil ? moment(user.graceUntil) : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
