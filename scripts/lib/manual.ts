// Owns how docs/TROUBLESHOOTING becomes pages that the daemon serves, so that a refusal can link to its entry offline.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';

const LANGUAGES = {
  en: { path: '/troubleshooting', file: 'docs/TROUBLESHOOTING.md', lang: 'en' },
  zh: { path: '/troubleshooting.zh', file: 'docs/TROUBLESHOOTING.zh-CN.md', lang: 'zh-CN' },
} as const;

/** The pages by their path. Headings get the anchor of their text; links to other documents become plain words. */
export function manualOf(root: string, style: string): Record<string, string> {
  const pages: Record<string, string> = {};
  for (const { path, file, lang } of Object.values(LANGUAGES)) {
    if (!existsSync(join(root, file))) continue;
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/\[([^\]]+)\]\((?!#)[^)]*\)/g, '$1');
    const title = /^# (.+)$/m.exec(text)?.[1] ?? '';
    const body = (marked.parse(text, { async: false }) as string).replaceAll(
      /<h([123])>(.*?)<\/h\1>/g,
      (_whole, level: string, words: string) =>
        `<h${level} id="${anchor(words)}" tabindex="-1">${words}</h${level}>`,
    );
    pages[path] =
      `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="icon" href="data:,"><style>${style}</style></head><body><main class="manual">${body}</main></body></html>`;
  }
  return pages;
}

function anchor(words: string): string {
  return words
    .replaceAll(/<[^>]*>/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
