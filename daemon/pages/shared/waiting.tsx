// Owns what stands where a document is not there yet, or could not be had.

import { useLanguage, useWords } from './language.tsx';
import type { Loaded } from './loaded.ts';
import { TroubleNote, troubleOf } from './refusal.tsx';
import { Button } from './ui.tsx';
import { WORDS } from './words.ts';

interface Props {
  readonly on: Pick<Loaded<unknown>, 'failed' | 'reload'>;
  readonly problems?: Readonly<Record<string, string>>;
}

export function Waiting({ on, problems }: Props) {
  const words = useWords(WORDS);
  const language = useLanguage();
  if (!on.failed) return <p role="status">{words.loading}</p>;
  return (
    <div class="card stack">
      <TroubleNote trouble={troubleOf(on.failed, words, language, problems)} />
      <div>
        <Button onPress={() => void on.reload()}>{words.retry}</Button>
      </div>
    </div>
  );
}
