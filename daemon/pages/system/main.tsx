// Owns System Settings: its sections, one at a time, each with an address so that the back button works.

import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../shared/language.tsx';
import { openPage } from '../shared/open-page.tsx';
import { StepUpProvider } from '../shared/step-up.tsx';
import { Heading, Shell } from '../shared/ui.tsx';
import { Audit } from './audit.tsx';
import { Mail } from './mail.tsx';
import { Mandatory } from './mandatory.tsx';
import { Readiness } from './readiness.tsx';
import { Time } from './time.tsx';
import { Users } from './users.tsx';
import { SYSTEM } from './words.ts';

const SECTIONS = {
  readiness: Readiness,
  mandatory: Mandatory,
  users: Users,
  mail: Mail,
  time: Time,
  audit: Audit,
} as const;

type Section = keyof typeof SECTIONS;

function sectionNow(): Section {
  const name = location.hash.slice(1).split('/')[0] ?? '';
  return Object.hasOwn(SECTIONS, name) ? (name as Section) : 'readiness';
}

function Page() {
  const words = useWords(SYSTEM);
  const [section, setSection] = useState(sectionNow);
  useEffect(() => {
    const follow = () => setSection(sectionNow());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const Present = SECTIONS[section];
  return (
    <Shell>
      <main class="stack wide">
        <Heading>{words.title}</Heading>
        <nav class="tabs" aria-label={words.nav}>
          {Object.entries(words.tabs).map(([name, title]) => (
            <a key={name} href={`#${name}`} aria-current={name === section ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <Present key={section} />
      </main>
    </Shell>
  );
}

openPage(
  { en: 'Two-factor authentication', zh: '双重验证' },
  <StepUpProvider>
    <Page />
  </StepUpProvider>,
);
