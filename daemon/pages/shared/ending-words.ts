// Owns why a device is not trusted any more, in words.

import type { DeviceEnding } from '../../wire/devices.ts';
import type { Both } from './both.ts';

export const ENDINGS: Both<Readonly<Record<DeviceEnding, string>>> = {
  en: {
    'revoked-by-user': 'you revoked it',
    'revoked-by-administrator': 'an administrator revoked it',
    'password-changed': 'your password was changed',
    'account-removed': 'the account was removed',
    'two-factor-reset': 'two-factor was reset',
    'two-factor-off': 'two-factor was turned off',
    'phone-replaced': 'the phone was replaced',
    expired: 'its days were over',
    stolen: 'an old token of it was shown again, so somebody may have copied it',
    'rolled-back': 'an older state of the NAS was restored',
    'too-many': 'too many devices were trusted',
    'switched-off': 'trusting devices was switched off',
    'clock-changed': 'the clock of the NAS was put back',
    'account-changed': 'the account changed',
  },
  zh: {
    'revoked-by-user': '由您撤销',
    'revoked-by-administrator': '由管理员撤销',
    'password-changed': '密码已更改',
    'account-removed': '帐户已删除',
    'two-factor-reset': '双重验证已重置',
    'two-factor-off': '双重验证已停用',
    'phone-replaced': '手机已更换',
    expired: '信任期限已到',
    stolen: '出现了它的旧令牌，可能被他人复制',
    'rolled-back': 'NAS 恢复到了较旧的状态',
    'too-many': '受信任的设备过多',
    'switched-off': '信任设备功能已关闭',
    'clock-changed': 'NAS 的时钟被调回',
    'account-changed': '帐户已更改',
  },
};
