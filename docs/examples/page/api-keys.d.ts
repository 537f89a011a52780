/** A text, or one for each plural form of `{count}`. */
export type Text = string | { [form: string]: string };
export type Language = { [key: string]: Text };

/** `<api-keys family="personal" base="/me/api-keys">` */
export class ApiKeysElement extends HTMLElement {
  /** Where the endpoints are mounted. */
  base: string;
  /** `personal`, `workspace`, `tenant` or `admin`; gives the usual `base` where there is none. */
  family: string;
  /** Texts of this element that differ. */
  texts: Language;
  /** Headers that each call carries. */
  headers: () => Record<string, string> | Promise<Record<string, string>>;
  /** Gives the proof of who is calling, where nothing is to be typed. */
  prove: ((action: 'create' | 'rotate' | 'change') => Promise<string>) | null;
  /** The time, in milliseconds. */
  now: () => number;
  /** Reads the keys again; what is seen stays until they are there. */
  refresh(): Promise<void>;
  /** Begins anew, with settings and keys. */
  reload(): Promise<void>;
}

/** Adds a language, or replaces one. A text that is missing is shown in English. */
export function addLanguage(tag: string, texts: Language): void;

/** A copy of a language's texts, for a translator to begin with. */
export function languageTexts(tag: string): Language;

export interface KeyEvent {
  id: string;
  name: string;
}

export interface ApiKeysEventMap {
  loaded: CustomEvent<{ family: string }>;
  failed: CustomEvent<{ kind: string; status: number }>;
  unauthorized: CustomEvent<Record<string, never>>;
  created: CustomEvent<KeyEvent>;
  rotated: CustomEvent<KeyEvent>;
  changed: CustomEvent<KeyEvent>;
  paused: CustomEvent<KeyEvent>;
  resumed: CustomEvent<KeyEvent>;
  revoked: CustomEvent<KeyEvent>;
}

declare global {
  interface HTMLElementTagNameMap {
    'api-keys': ApiKeysElement;
  }
}
