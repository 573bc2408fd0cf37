// Owns the language of a page: the browser's, or what the person switched to.

import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Both, Language } from './both.ts';

const KEPT = 'fygo-2fa-language';

interface Chosen {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const Context = createContext<Chosen>({ language: 'en', choose: () => {} });

function first(): Language {
  const kept = recall();
  if (kept === 'en' || kept === 'zh') return kept;
  const known = navigator.languages.find((one) => /^(en|zh)\b/i.test(one));
  return known && /^zh/i.test(known) ? 'zh' : 'en';
}

/** A browser may forbid storage, in an embedded view for instance. */
function recall(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // The choice holds for this page then.
  }
}

export function LanguageProvider(props: {
  readonly titles: Both<string>;
  readonly children: ComponentChildren;
}) {
  const [language, set] = useState<Language>(first);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = props.titles[language];
  }, [language, props.titles]);
  const choose = (chosen: Language) => {
    keep(chosen);
    set(chosen);
  };
  return <Context.Provider value={{ language, choose }}>{props.children}</Context.Provider>;
}

export function useLanguage(): Language {
  return useContext(Context).language;
}

/** The words of the present language. */
export function useWords<W>(both: Both<W>): W {
  return both[useLanguage()];
}

export function LanguageSwitch() {
  const { language, choose } = useContext(Context);
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <button type="button" class="link" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => choose(other)}>
      {other === 'zh' ? '简体中文' : 'English'}
    </button>
  );
}

/** A moment in words of the language, in the browser's time zone. */
export function useMoment(): (time: string) => string {
  const language = useLanguage();
  const format = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (time) => format.format(new Date(time));
}
