import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQueueMessage } from './queue-message.ts';

describe('parseQueueMessage', () => {
  it('reads a pointer', () => {
    expect(parseQueueMessage('{"outboxId":"execute.pln_abc.4"}')).toBe('execute.pln_abc.4');
  });

  it('refuses everything that is not exactly a pointer', () => {
    const hostile = [
      undefined,
      null,
      42,
      '',
      'null',
      '[]',
      '"execute.pln_abc.4"',
      '{"outboxId":42}',
      '{"outboxId":""}',
      '{"outboxId":"a b"}',
      '{"outboxId":"a\\u0000b"}',
      '{"outboxId":"é"}',
      '{"outboxId":["a"]}',
      '{"outboxId":"a","planId":"pln_x"}',
      '{"OutboxId":"a"}',
      '{"__proto__":{"outboxId":"a"}}',
      `{"outboxId":"${'x'.repeat(201)}"}`,
      `{"outboxId":"a"${' '.repeat(1_000_000)}}`,
    ];
    for (const body of hostile) expect(parseQueueMessage(body), String(body).slice(0, 40)).toBeUndefined();
  });

  it('throws for no body at all', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (body) => void parseQueueMessage(body)));
  });
});
