// Owns Personal Settings: the own account, one card for each part of it.

import { AuditList } from '../shared/audit-list.tsx';
import { useLanguage, useWords } from '../shared/language.tsx';
import { useLoaded } from '../shared/loaded.ts';
import { openPage } from '../shared/open-page.tsx';
import { TroubleNote, troubleOf } from '../shared/refusal.tsx';
import { StepUpProvider } from '../shared/step-up.tsx';
import { Button, Card, Heading, Shell } from '../shared/ui.tsx';
import { WORDS } from '../shared/words.ts';
import { Codes } from './codes.tsx';
import { TrustedDevices } from './devices.tsx';
import type { Me } from './document.ts';
import { Email } from './email.tsx';
import { Factor } from './factor.tsx';
import { PERSONAL } from './words.ts';

function Page() {
  const words = useWords(PERSONAL);
  const shared = useWords(WORDS);
  const language = useLanguage();
  const loaded = useLoaded<Me>('me');
  const { body: me, failed, version, reload } = loaded;
  return (
    <Shell>
      <main class="stack wide">
        <div class="stack tight">
          <Heading>{words.title}</Heading>
          {me && <p class="soft">{words.of(me.name)}</p>}
        </div>
        {failed && (
          <div class="card stack">
            <TroubleNote trouble={troubleOf(failed, shared, language)} />
            <div>
              <Button onPress={() => void reload()}>{shared.retry}</Button>
            </div>
          </div>
        )}
        {!me && !failed && <p role="status">{shared.loading}</p>}
        {me && (
          <>
            <Factor me={me} reload={reload} />
            {me.state === 'enrolled' && <Codes me={me} reload={reload} />}
            <Email me={me} email={me.securityEmail} reload={reload} />
            <TrustedDevices key={`devices ${version}`} />
            <Card title={words.activity}>
              <AuditList key={version} path="me/activity" />
            </Card>
          </>
        )}
      </main>
    </Shell>
  );
}

openPage(
  { en: 'Account security', zh: '帐户安全' },
  <StepUpProvider>
    <Page />
  </StepUpProvider>,
);
