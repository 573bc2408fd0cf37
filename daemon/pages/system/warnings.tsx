// Owns the list of what the status warns of, in the page's language.

import type { Status } from '../../wire/admin.ts';
import { useLanguage, useWords } from '../shared/language.tsx';
import { PROBLEMS_ZH } from '../shared/problem-words.ts';
import { Card } from '../shared/ui.tsx';
import { TOLD_IN_FULL, WARNINGS_ZH } from './warning-words.ts';
import { SYSTEM } from './words.ts';

type Warning = Status['warnings'][number];

export function Warnings({ warnings }: Pick<Status, 'warnings'>) {
  const words = useWords(SYSTEM);
  return (
    <Card title={words.warnings}>
      {warnings.length === 0 && <p class="soft">{words.warningsNone}</p>}
      {warnings.map((warning) => (
        <div class={`note ${warning.severity === 'critical' ? 'bad' : 'warn'}`} key={warning.code}>
          <WarningText {...warning} />
        </div>
      ))}
    </Card>
  );
}

function WarningText({ code, text, hint }: Warning) {
  const zh = useLanguage() === 'zh';
  const known = zh && Object.hasOwn(WARNINGS_ZH, code) ? WARNINGS_ZH[code as keyof typeof WARNINGS_ZH] : null;
  if (known) {
    return (
      <>
        <strong>{known[0]}</strong> {known[1]}
        {TOLD_IN_FULL.has(code) && (
          <p class="small" lang="en">
            {text}
          </p>
        )}
      </>
    );
  }
  // A daemon that cannot judge logins warns of its fault.
  const fault = zh ? PROBLEMS_ZH[code] : undefined;
  return (
    <>
      {fault && <strong>{fault} </strong>}
      <strong lang="en">{text}</strong> <span lang="en">{hint}</span>
    </>
  );
}
