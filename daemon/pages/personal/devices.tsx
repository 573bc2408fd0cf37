// Owns the own trusted devices: which they are, and their revocation, which needs no fresh code.

import type { DevicesDocument } from '../../wire/devices.ts';
import { useAction } from '../shared/action.ts';
import { Ask } from '../shared/ask.tsx';
import { ENDINGS } from '../shared/ending-words.ts';
import { useMoment, useWords } from '../shared/language.tsx';
import { useLoaded } from '../shared/loaded.ts';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Button, Card } from '../shared/ui.tsx';
import { PERSONAL } from './words.ts';

export function TrustedDevices() {
  const words = useWords(PERSONAL);
  const endings = useWords(ENDINGS);
  const moment = useMoment();
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const loaded = useLoaded<DevicesDocument>('me/devices');
  if (!loaded.body) return null;
  const { devices, ended } = loaded.body;
  const revoke = async (id: number | 'all') => {
    const reply = await action.run<DevicesDocument>(() => guarded('POST', 'me/devices/revoke', { id }));
    if (reply) loaded.set(reply.body);
  };
  return (
    <Card title={words.devices}>
      <p class="soft">
        {devices.length === 0 ? `${words.devicesNone} ${words.devicesText}` : words.devicesText}
      </p>
      <TroubleNote trouble={action.trouble} />
      {devices.length > 0 && (
        <ul class="list" data-test="devices">
          {devices.map((device) => (
            <li class="row apart" key={device.id}>
              <div class="grow">
                <strong>{device.name}</strong>
                <div class="small soft">
                  {[device.browser, device.system, device.address].filter(Boolean).join(', ')}
                </div>
                <div class="small soft">
                  {words.deviceSeen(moment(device.since), moment(device.lastUsed), moment(device.until))}
                </div>
              </div>
              <Button
                busy={action.busy}
                label={words.revokeNamed(device.name)}
                onPress={() => void revoke(device.id)}
              >
                {words.revoke}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {devices.length > 1 && (
        <div>
          <Ask
            question={words.revokeAllAsk}
            yes={words.revokeAll}
            danger
            busy={action.busy}
            onYes={() => void revoke('all')}
          >
            {words.revokeAll}
          </Ask>
        </div>
      )}
      {ended.length > 0 && (
        <details class="small">
          <summary>{words.ended}</summary>
          <ul class="list">
            {ended.map((one) => (
              <li key={`${one.name} ${one.at}`}>
                {one.name}: {endings[one.because]}, {moment(one.at)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
