/**
 * Data as text for a model. JSON is the fence: whatever stands within is quoted and escaped, and no payload can end its string. A `<` that
 * could begin a tag (`<SYSTEM_MESSAGE>`, `</data>`, `<|im_start|>`) is written as its escape, so that text which a model reads as markup
 * holds none that we did not write; a parser of JSON reads the very same data.
 */
import type { Json } from '@countersign/approvals';

export const fencedJson = (value: Json | { readonly [key: string]: Json }): string =>
  JSON.stringify(value).replaceAll(/<(?=[A-Za-z/!?|])/g, '\\u003c');
