import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

describe('createAwsClients', () => {
  it('loads no client of the SDK before one is used: a function pays only for what it calls', () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { createAwsClients, planStore, sesMail } = await import('@countersign/aws');
      const clients = createAwsClients({ region: 'eu-central-1', dynamodbEndpoint: 'http://127.0.0.1:9',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
      const plans = planStore(clients.dynamodb, 'main');
      sesMail(clients.ses, 'a@example.com');
      const of = () => [...new Set(loaded.flatMap((url) => url.match(/client-[a-z0-9]+/g) ?? []))];
      const before = of();
      await plans.readPlan('pln_' + 'a'.repeat(22)).catch(() => undefined);
      console.log(JSON.stringify({ before, after: of() }));
      clients.close();`;
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual({ before: [], after: ['client-dynamodb'] });
  });
});
