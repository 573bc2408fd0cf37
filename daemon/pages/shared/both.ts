// Owns which languages the pages speak.

export type Language = 'en' | 'zh';

/** The same words in both languages. */
export type Both<W> = Readonly<Record<Language, W>>;
