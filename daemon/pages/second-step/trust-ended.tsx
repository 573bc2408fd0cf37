// Owns why a device that was trusted is asked for a code again.

import type { DeviceEnding } from '../../wire/devices.ts';
import { ENDINGS } from '../shared/ending-words.ts';
import { useMoment, useWords } from '../shared/language.tsx';
import { Note } from '../shared/ui.tsx';
import { SECOND_STEP } from './words.ts';

interface Props {
  readonly because: DeviceEnding;
  /** Since when, where that is known. */
  readonly at: string | undefined;
}

export function TrustEnded({ because, at }: Props) {
  const words = useWords(SECOND_STEP);
  const why = useWords(ENDINGS)[because];
  const moment = useMoment();
  return (
    <Note tone={because === 'stolen' ? 'warn' : undefined}>
      {at === undefined ? words.trustEnded(why) : words.trustEndedAt(moment(at), why)}
    </Note>
  );
}
