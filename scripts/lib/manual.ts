// Owns how docs/TROUBLESHOOTING becomes pages that the daemon serves, so that a refusal can link to its entry offline.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';

const LANGUAGES = {
  en: { path: '/troubleshooting', file: 'docs/TROUBLESHOOTING.md', lang: 'en', name: 'English' },
  zh: {
    path: '/troubleshooting.zh',
    file: 'docs/TROUBLESHOOTING.zh-CN.md',
    lang: 'zh-CN',
    name: '简体中文',
  },
} as const;

/**
 * The pages by their path. Headings get the anchor of their text; links to other documents become plain words. Each
 * page leads to the other language: at its head, and from each entry to the same one.
 */
export function manualOf(root: string, style: string): Record<string, string> {
  const texts = Object.values(LANGUAGES).map((language) => ({
    ...language,
    text: readFileSync(join(root, language.file), 'utf8'),
  }));
  const pages: Record<string, string> = {};
  for (const { path, lang, name, text } of texts) {
    const others = texts.filter((other) => other.path !== path);
    const elsewhere = (entry: string) =>
      others
        .filter(({ text }) => entry === '' || text.includes(`\n### ${entry}\n`))
        .map((other) => link(other, entry))
        .join(' ');
    const plain = text.replaceAll(/\[([^\]]+)\]\((?!#)[^)]*\)/g, '$1');
    const title = /^# (.+)$/m.exec(plain)?.[1] ?? '';
    // What scrolls has to be reachable with the keyboard.
    const parsed = (marked.parse(plain, { async: false }) as string).replaceAll(
      '<pre>',
      '<pre tabindex="0">',
    );
    const body = parsed.replaceAll(/<h([123])>(.*?)<\/h\1>/g, (_whole, level: string, words: string) => {
      const id = anchor(words);
      const heading = `<h${level} id="${id}" tabindex="-1">${words}</h${level}>`;
      return level === '3' ? `<div class="entry">${heading}${elsewhere(id)}</div>` : heading;
    });
    pages[path] =
      `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="icon" href="data:,"><style>${style}</style></head><body><header class="manual-head"><strong lang="${lang}">${name}</strong> ${elsewhere('')}</header><main class="manual">${body}</main></body></html>`;
  }
  return pages;
}

function link({ path, lang, name }: (typeof LANGUAGES)[keyof typeof LANGUAGES], entry: string): string {
  const to = `.${path}${entry === '' ? '' : `#${entry}`}`;
  const label = entry === '' ? '' : ` aria-label="${name}: ${entry}"`;
  return `<a href="${to}" lang="${lang}" hreflang="${lang}"${label}>${name}</a>`;
}

function anchor(words: string): string {
  return words
    .replaceAll(/<[^>]*>/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
