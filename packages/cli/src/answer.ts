/** What a command comes to. Texts end with a line break, or are empty. */
export interface Answer {
  readonly exitCode: 0 | 1 | 2;
  readonly out: string;
  readonly error: string;
}

export const badInput = (sentence: string): Answer => ({ exitCode: 2, out: '', error: `${sentence}\n` });
