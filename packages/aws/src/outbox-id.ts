/** What can be an outbox id: printable ASCII without spaces. Everything else is somebody's invention and is not even looked up. */
import { OUTBOX_ID_CHARACTERS_MAX } from './limits.ts';

const PRINTABLE = /^[\x21-\x7d]+$/;

export const isOutboxId = (text: string): boolean => text.length <= OUTBOX_ID_CHARACTERS_MAX && PRINTABLE.test(text);
